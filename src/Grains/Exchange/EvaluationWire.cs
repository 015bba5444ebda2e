using Trainer.Metrics;
using Trainer.Wire;

namespace Trainer.Grains;

/// <summary>Evaluation sums as messages.</summary>
internal static class EvaluationWire
{
    /// <summary>Sums of one shard as a message.</summary>
    public static ShardSums ToWire(int shard, EvaluationSums sums) => new(
        shard,
        sums.RowCount,
        sums.LossSum,
        sums.Correct,
        [.. sums.TargetMean],
        [.. sums.TargetSquares],
        [.. sums.SquaredErrors],
        [.. sums.AbsoluteErrors],
        new Tensor(sums.PositiveScores),
        new Tensor(sums.NegativeScores),
        [.. sums.Confusion],
        ToWire(sums.Probabilities));

    /// <summary>The sums of all shards of all workers, by shard.</summary>
    public static Dictionary<int, EvaluationSums> FromWire(IEnumerable<ShardEvaluation> evaluations) =>
        evaluations.SelectMany(evaluation => evaluation.Shards).ToDictionary(sums => sums.Shard, FromWire);

    private static EvaluationSums FromWire(ShardSums sums) => new(
        sums.RowCount,
        sums.LossSum,
        sums.Correct,
        [.. sums.TargetMean],
        [.. sums.TargetSquares],
        [.. sums.SquaredErrors],
        [.. sums.AbsoluteErrors],
        sums.PositiveScores.Values.ToArray(),
        sums.NegativeScores.Values.ToArray(),
        [.. sums.Confusion],
        FromWire(sums.Probabilities));

    private static ShardProbabilitySums? ToWire(ProbabilitySums? sums) => sums is null ? null : new(
        sums.LogLoss,
        sums.SquaredError,
        [.. sums.TopCorrect],
        [.. sums.BinRows],
        [.. sums.BinCorrect],
        [.. sums.BinConfidence]);

    private static ProbabilitySums? FromWire(ShardProbabilitySums? sums) => sums is null ? null : new(
        sums.LogLoss,
        sums.SquaredError,
        [.. sums.TopCorrect],
        [.. sums.BinRows],
        [.. sums.BinCorrect],
        [.. sums.BinConfidence]);
}
