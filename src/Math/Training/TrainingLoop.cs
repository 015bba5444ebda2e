using Trainer.Backends;
using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>The readable single-process loop: the oracle of the distributed one, bit for bit.</summary>
public sealed class TrainingLoop
{
    private readonly LogicalShards _shards;
    private readonly ShardWorker _worker;
    private readonly PartitionServer _server;
    private readonly ParameterLayout _layout;

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
        _worker = new ShardWorker(
            architecture,
            shards,
            Enumerable.Range(0, shards.Count)
                .ToDictionary(shard => shard, shard => trainRows.Select(shards.RowsOf(shard))),
            team ?? SerialTeam.Instance,
            objective ?? TrainingObjective.Plain);
        _layout = new ParameterLayout(architecture);
        var whole = new ParameterRange(0, _layout.Length);
        _server = new PartitionServer(architecture, whole, initialization, seed, optimizer, shards, team);
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
        double loss = 0;
        double weights = 0;
        for (int step = 0; step < _shards.StepsPerEpoch; step++)
        {
            _worker.Weights = _server.Weights;
            foreach (GradientNode node in _worker.ComputeGradients(epoch, step))
            {
                _server.Add(_server.Version, step, node);
            }

            if (step == _shards.StepsPerEpoch - 1)
            {
                GradientNorms = new GradientNorm(_layout).OfLayers(_server.MeanSquares());
            }

            NormNode[] norms = _server.ClipNorm is null ? [] : _server.NormNodes();
            StepOutcome outcome = _server.Update(learningRate(((long)epoch * _shards.StepsPerEpoch) + step), norms);
            _worker.Recycle();
            if (outcome.NonFinite is { } name)
            {
                throw new ArithmeticException(
                    $"Training diverged in step {step} of epoch {epoch}: '{name}' is NaN or infinite; lower the "
                    + "learning rate.");
            }

            loss += outcome.LossSum;
            weights += outcome.WeightSum;
        }

        return weights > 0 ? loss / weights : 0;
    }
}
