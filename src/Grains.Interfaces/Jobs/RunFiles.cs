namespace Trainer.Jobs;

/// <summary>Names in a run folder that client and grains share.</summary>
public static class RunFiles
{
    /// <summary>The folder of a run's checkpoints.</summary>
    /// <param name="folder">The run folder.</param>
    public static string Checkpoints(string folder) => Path.Combine(folder, "checkpoints");

    /// <summary>What the client handed in: all that a silo needs to lead the job.</summary>
    /// <param name="folder">The run folder.</param>
    public static string Submission(string folder) => Path.Combine(Checkpoints(folder), "submission.json");
}
