using System.Collections.Immutable;

using Trainer.Backends;

namespace Trainer.Training;

/// <summary>A worker of all shards and the only partition, on the same cores.</summary>
internal sealed class LocalSession : ILocalSession
{
    private readonly ShardWorker _worker;
    private readonly PartitionServer _server;
    private readonly FusedUpdate _fused;

    /// <summary>Joins a worker and a partition.</summary>
    /// <param name="worker">The worker; it holds all shards.</param>
    /// <param name="server">The partition; it holds all parameters.</param>
    /// <exception cref="ArgumentException">One holds only a part.</exception>
    public LocalSession(ShardWorker worker, PartitionServer server)
    {
        (_worker, _server, _fused) = (worker, server, new FusedUpdate(worker, server));
        if (!worker.HoldsAll || server.Weights.Length != worker.Network.Layout.Length)
        {
            throw new ArgumentException(
                $"A worker of {worker.HeldShards} logical shards and a partition of {server.Weights.Length} of "
                + $"{worker.Network.Layout.Length} parameters need others; only a whole training can be joined.",
                nameof(worker));
        }
    }

    /// <inheritdoc/>
    public StepTotals Run(LocalSteps steps, StepTotals totals, Func<bool>? goesOn = null)
    {
        ReadOnlySpan<float> rates = steps.LearningRates.Span;
        for (int i = 0; i < rates.Length && totals.NonFinite is null; i++)
        {
            if (i > 0 && goesOn?.Invoke() == false)
            {
                break;
            }

            bool wantsNorms = steps.WantsNorms && i == rates.Length - 1;
            ImmutableArray<double> norms = default;
            int step = steps.First + i;
            _worker.Weights = _server.Weights;
            StepOutcome outcome =
                !wantsNorms && _server.TakesRanges && _worker.TryComputeDeltas(steps.Epoch, step, out GradientNode root)
                    ? RunFused(steps.Epoch, step, root, rates[i])
                    : RunPlain(steps.Epoch, step, rates[i], wantsNorms, out norms);
            _worker.Weights = _server.Weights;
            totals = outcome.NonFinite is not null
                ? totals with { NonFinite = outcome.NonFinite }
                : totals.With(outcome, norms);
        }

        return totals;
    }

    private StepOutcome RunFused(int epoch, int step, in GradientNode root, float rate)
    {
        string? nonFinite = _server.BeginRanges(root, rate);
        if (nonFinite is null && root.WeightSum != 0 && !_fused.Run())
        {
            // Only now is the whole gradient of use: it says where.
            GradientNode whole = _worker.ComputeGradients(epoch, step)[0];
            nonFinite = _server.NameNonFinite(whole.Gradient.Span, PartitionServer.MeanScale(root.WeightSum));
            _worker.Recycle();
        }

        if (nonFinite is null)
        {
            _server.EndRanges(root);
        }

        return new StepOutcome(root.Loss, root.RowCount, root.WeightSum, nonFinite);
    }

    private StepOutcome RunPlain(
        int epoch, int step, float rate, bool wantsNorms, out ImmutableArray<double> layers)
    {
        foreach (GradientNode node in _worker.ComputeGradients(epoch, step))
        {
            _server.Add(_server.Version, step, node);
        }

        layers = wantsNorms ? [.. new GradientNorm(_worker.Network.Layout).OfLayers(_server.MeanSquares())] : default;
        NormNode[] norms = _server.NeedsNorms ? _server.NormNodes() : [];
        StepOutcome outcome = _server.Update(rate, norms);
        _worker.Recycle();
        return outcome;
    }
}
