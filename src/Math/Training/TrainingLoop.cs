using Trainer.Backends;
using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>The readable single-process loop: the oracle of the distributed one, bit for bit.</summary>
public sealed class TrainingLoop : IDisposable
{
    private readonly LogicalShards _shards;
    private readonly IShardSession _worker;
    private readonly IPartitionSession _server;
    private readonly ILocalSession _local;
    private readonly float[] _rate = new float[1];

    /// <summary>A loop over all shards of a job.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="initialization">How initial weights are drawn.</param>
    /// <param name="optimizer">The optimizer's hyper-parameters.</param>
    /// <param name="shards">The logical shards.</param>
    /// <param name="trainRows">All training rows in file order.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="objective">What training minimises beyond the loss; null: nothing.</param>
    /// <param name="team">The compute threads it may use; null: the calling one.</param>
    /// <exception cref="ArgumentException">
    /// The rows are not as many as those of the shards, or do not fit the network.
    /// </exception>
    public TrainingLoop(
        MlpArchitecture architecture,
        WeightInitialization initialization,
        OptimizerSettings optimizer,
        LogicalShards shards,
        RowSet trainRows,
        ulong seed,
        TrainingObjective? objective = null,
        IComputeTeam? team = null)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(trainRows);
        if (trainRows.Count != shards.Rows)
        {
            throw new ArgumentException(
                $"The logical shards are over {shards.Rows} rows; {trainRows.Count} were given.", nameof(trainRows));
        }

        _shards = shards;
        var setup = new TrainingSetup(
            architecture, objective ?? TrainingObjective.Plain, initialization, optimizer, shards, seed);
        var backend = new CpuBackend(team ?? SerialTeam.Instance);
        _worker = backend.OpenShards(
            setup,
            Enumerable.Range(0, shards.Count)
                .ToDictionary(shard => shard, shard => trainRows.Select(shards.RowsOf(shard))));
        _server = backend.OpenPartition(setup, new ParameterRange(0, new ParameterLayout(architecture).Length));
        _local = backend.OpenLocal(_worker, _server);
    }

    /// <summary>The weights, flat in panel order.</summary>
    public ReadOnlySpan<float> Weights => _server.Weights.Span;

    /// <summary>
    /// L2 norm of the mean gradient of the last epoch's last step, one a layer; empty before the first epoch.
    /// </summary>
    public ReadOnlyMemory<double> GradientNorms { get; private set; }

    /// <summary>Runs one epoch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="learningRate">Rate of all its steps.</param>
    /// <returns>
    /// The epoch's train loss: the steps' loss sums added in ascending order, over the sum of the rows' weights.
    /// </returns>
    /// <exception cref="ArithmeticException">
    /// The loss, a gradient or a weight became NaN or infinite. The message names it.
    /// </exception>
    public double RunEpoch(int epoch, float learningRate) => RunEpoch(epoch, _ => learningRate);

    /// <summary>Runs one epoch of a schedule.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="learningRate">The rate of a step, counted from the start of the job.</param>
    /// <returns>As with one rate.</returns>
    /// <exception cref="ArithmeticException">As with one rate.</exception>
    public double RunEpoch(int epoch, Func<long, float> learningRate)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        StepTotals totals = default;
        for (int step = 0; step < _shards.StepsPerEpoch; step++)
        {
            _rate[0] = learningRate(((long)epoch * _shards.StepsPerEpoch) + step);
            bool ends = step == _shards.StepsPerEpoch - 1;
            totals = _local.Run(new LocalSteps(epoch, step, _rate, WantsNorms: ends), totals);
            if (totals.NonFinite is { } name)
            {
                throw new ArithmeticException(
                    $"Training diverged in step {step} of epoch {epoch}: '{name}' is NaN or infinite; lower the "
                    + "learning rate.");
            }
        }

        GradientNorms = totals.GradientNorms.AsMemory();
        return totals.WeightSum > 0 ? totals.LossSum / totals.WeightSum : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _worker.Dispose();
        _server.Dispose();
    }
}
