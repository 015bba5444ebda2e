using Trainer.Backends;
using Trainer.Data;
using Trainer.Metrics;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>Forward passes over rows: exact mergeable sums, and predictions.</summary>
public static class Evaluator
{
    /// <summary>Sums of one shard of a part (numerics A7: row r of N belongs to shard floor(r*V/N)).</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="weights">Flat in panel order.</param>
    /// <param name="rows">The shard's rows of the part, in file order.</param>
    /// <param name="team">Compute threads.</param>
    public static EvaluationSums Evaluate(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, IComputeTeam team) =>
        throw new NotImplementedException();

    /// <summary>Predictions of rows, row-major [n, O]: values of a linear unit, the probability of the positive class, or one probability a class.</summary>
    public static float[] Predict(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, IComputeTeam team) =>
        throw new NotImplementedException();
}
