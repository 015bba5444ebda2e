using System.Collections.Immutable;

using Trainer.Backends;

namespace Trainer.Training;

/// <summary>A worker of all shards and the only partition, on the same cores.</summary>
internal sealed class LocalSession : ILocalSession
{
    private readonly ShardWorker _worker;
    private readonly PartitionServer _server;

    /// <summary>Joins a worker and a partition.</summary>
    /// <param name="worker">The worker; it holds all shards.</param>
    /// <param name="server">The partition; it holds all parameters.</param>
    /// <exception cref="ArgumentException">One holds only a part.</exception>
    public LocalSession(ShardWorker worker, PartitionServer server)
    {
        (_worker, _server) = (worker, server);
        if (!worker.HoldsAll || server.Weights.Length != worker.Layout.Length)
        {
            throw new ArgumentException(
                $"A worker of {worker.HeldShards} logical shards and a partition of {server.Weights.Length} of "
                + $"{worker.Layout.Length} parameters need others; only a whole training can be joined.",
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
            (StepOutcome outcome, ImmutableArray<double> norms) =
                RunStep(steps.Epoch, steps.First + i, rates[i], wantsNorms);
            totals = outcome.NonFinite is not null
                ? totals with { NonFinite = outcome.NonFinite }
                : new StepTotals(
                    totals.Completed + 1,
                    totals.LossSum + outcome.LossSum,
                    totals.WeightSum + outcome.WeightSum,
                    totals.RowCount + outcome.RowCount,
                    NonFinite: null,
                    norms);
        }

        return totals;
    }

    private (StepOutcome Outcome, ImmutableArray<double> Norms) RunStep(
        int epoch, int step, float rate, bool wantsNorms)
    {
        _worker.Weights = _server.Weights;
        foreach (GradientNode node in _worker.ComputeGradients(epoch, step))
        {
            _server.Add(_server.Version, step, node);
        }

        ImmutableArray<double> layers =
            wantsNorms ? [.. new GradientNorm(_worker.Layout).OfLayers(_server.MeanSquares())] : default;
        NormNode[] norms = _server.ClipNorm is null ? [] : _server.NormNodes();
        StepOutcome outcome = _server.Update(rate, norms);
        _worker.Recycle();
        _worker.Weights = _server.Weights;
        return (outcome, layers);
    }
}
