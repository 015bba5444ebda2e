namespace Trainer.Data;

/// <summary>Which training row takes part in which step, in which logical shard, at which position (numerics A1).</summary>
/// <remarks>A pure function of (rows, batch size, count, seed, shuffle): never of the cluster.</remarks>
public sealed class LogicalShards
{
    /// <summary>The shards of a job.</summary>
    /// <param name="rows">Training rows N, at least 1.</param>
    /// <param name="batchSize">Global batch B, 1..N.</param>
    /// <param name="count">V, a power of two, at most B.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="shuffle">False: row r goes to step r div B, position r mod B, in every epoch.</param>
    public LogicalShards(int rows, int batchSize, int count, ulong seed, bool shuffle) => throw new NotImplementedException();

    /// <summary>V.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Training rows N.</summary>
    public int Rows => throw new NotImplementedException();

    /// <summary>B.</summary>
    public int BatchSize => throw new NotImplementedException();

    /// <summary>Steps of an epoch: ceil(N / B).</summary>
    public int StepsPerEpoch => throw new NotImplementedException();

    /// <summary>Rows of the batch of a step: B, or fewer in the last.</summary>
    public int RowsInStep(int step) => throw new NotImplementedException();

    /// <summary>Rows of one shard in a step; may be 0 in the last step.</summary>
    public int RowsInStep(int step, int shard) => throw new NotImplementedException();

    /// <summary>The training rows (indices in the training part) that a shard owns, in the order in which the shard stores them.</summary>
    public int[] RowsOf(int shard) => throw new NotImplementedException();

    /// <summary>The batch of a shard: indices into <see cref="RowsOf"/> in ascending position.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step within the epoch, from 0.</param>
    /// <param name="shard">Logical shard.</param>
    /// <param name="local">Receives the indices; its length is <see cref="RowsInStep(int, int)"/>.</param>
    public void Sample(int epoch, int step, int shard, Span<int> local) => throw new NotImplementedException();

    /// <summary>The shard of row r of an evaluated part of N rows: floor(r * V / N), 64-bit.</summary>
    public static int ShardOfEvaluationRow(int row, int rows, int count) => (int)((long)row * count / rows);
}
