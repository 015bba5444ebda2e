using System.Text;

using Trainer.Optimizers;
using Trainer.Training;

using Xunit;

namespace Trainer.Checkpoints;

/// <summary>Checkpoints of a small job.</summary>
internal static class Samples
{
    public const string Folder = "/run/checkpoints";

    private static readonly CheckpointJob Job = new("fp32-1", """{"name":"digits"}""", "aa", "bb");

    public static Checkpoint Create(long step, long bestStep = 0)
    {
        var random = new Random((int)step);
        var optimizer = new OptimizerState([Vector(random), Vector(random)], [Math.Pow(0.9, step), 0.1 + step]);
        return new Checkpoint(
            Job,
            new TrainingPosition(step, step, 1, 3, 0.1 + (step / 3.0), step * 7, step * 7, 1)
            {
                BestValue = 1 / 3.0,
                BestEpoch = 1,
                BestStep = bestStep,
                WallSeconds = 1.5,
                Fold = 2,
                Folds = [new FoldRecord(1, 80, 20, 5, 50, [new PartRecord("test", [new MetricRecord("loss", 0.3)])])],
            },
            new PartitionState(step, Vector(random), optimizer),
            bestStep > 0 ? Vector(random) : default,
            """{"majority class":{"accuracy":0.5}}""");
    }

    /// <summary>All bytes of a checkpoint: equal ones have the same.</summary>
    public static byte[] Bytes(Checkpoint checkpoint)
    {
        using var stream = new MemoryStream();
        checkpoint.ToFile().Write(stream);
        return stream.ToArray();
    }

    public static void AssertIsSample(FoundCheckpoint found, long bestStep = 0)
    {
        Assert.Equal(found.Name.Step, found.Content.Position.TotalSteps);
        Assert.Equal(Bytes(Create(found.Name.Step, bestStep)), Bytes(found.Content));
    }

    public static CheckpointWriter Writer(ICheckpointFiles files, int keep = 3) =>
        new(Folder, files, CheckpointClaim.Take(Folder, files), keep);

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<float> Vector(Random random) =>
        Enumerable.Range(0, 40).Select(_ => random.NextSingle() - 0.5f).ToArray();
}
