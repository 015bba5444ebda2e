using System.Text.Json;

namespace Trainer.Clusters;

/// <summary>
/// The live state of a sweep as a file, <c>clusters/NAME/sweeps/ID.json</c>: written by the sweep grain like
/// <see cref="JobStateFile"/>, read by <c>trainer status</c>.
/// </summary>
/// <param name="Id">Sweep id.</param>
/// <param name="Name">Name of the sweep file's job.</param>
/// <param name="State">snake_case state: starting, running, paused, completed, failed, cancelled.</param>
/// <param name="Started">Trials that have started, those that have ended among them.</param>
/// <param name="Ended">Trials that have ended.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Best">The best completed trial; null while there is none.</param>
/// <param name="Folder">The sweep's folder.</param>
public sealed record SweepStateFile(
    string Id, string Name, string State, int Started, int Ended, int Trials, SweepBest? Best, string Folder)
{
    /// <summary>The process of the silo that leads the sweep; null: unknown.</summary>
    public ProcessIdentity? Leader { get; init; }

    /// <summary>Whether the sweep has not ended.</summary>
    public bool IsUnfinished => State is "starting" or "running" or "paused";

    /// <summary>Writes <c>FOLDER/ID.json</c>, whole, by rename.</summary>
    /// <param name="folder">Folder of the live sweep states.</param>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(
            Path.Combine(folder, Id + ".json"), JsonSerializer.SerializeToUtf8Bytes(this, JobStateFile.Json));
    }

    /// <summary>
    /// Reads a file; null when it is gone or no such file. The state is <see cref="JobStateFile.Lost"/> where the sweep
    /// had not ended and its leader has.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    public static SweepStateFile? TryRead(string path)
    {
        try
        {
            var sweep = JsonSerializer.Deserialize<SweepStateFile>(File.ReadAllText(path), JobStateFile.Json);
            bool isLost = sweep is { IsUnfinished: true, Leader: { } leader } && !leader.IsAlive();
            return isLost ? sweep! with { State = JobStateFile.Lost } : sweep;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>The best trial of a sweep.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Value">Its metric; finite.</param>
public sealed record SweepBest(int Number, double Value);
