using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trainer.Clusters;

/// <summary>
/// The live state of a job as a file, <c>clusters/NAME/jobs/ID.json</c>: written by the job grain (whole, by rename,
/// at most every 200 ms), read by <c>trainer status</c>, which so answers while silos are dead.
/// </summary>
/// <param name="Id">Job id.</param>
/// <param name="Name">Job name.</param>
/// <param name="State">snake_case state: starting, running, completed, failed, diverged, cancelled, paused.</param>
/// <param name="Epoch">Epochs completed.</param>
/// <param name="Step">Steps since the start of the job.</param>
/// <param name="Version">Updates applied.</param>
/// <param name="Incarnation">Incarnation of the job, from 1.</param>
/// <param name="Plane">How gradients travel: messages.</param>
/// <param name="Grains">Where each grain of the job lives.</param>
/// <param name="Stragglers">Workers that hold the step up.</param>
/// <param name="Folder">Run folder.</param>
public sealed record JobStateFile(
    string Id, string Name, string State, int Epoch, long Step, long Version, int Incarnation, string Plane,
    IReadOnlyList<GrainLocation> Grains, IReadOnlyList<string> Stragglers, string Folder)
{
    /// <summary>How the files of a cluster are written: snake_case keys.</summary>
    public static JsonSerializerOptions Json { get; } =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>State of a job whose leading silo ended before the job did.</summary>
    public const string Lost = "lost";

    /// <summary>The process of the silo that leads the job; null: unknown.</summary>
    public ProcessIdentity? Leader { get; init; }

    /// <summary>Why the last checkpoint could not be written; null: it could.</summary>
    public string? CheckpointError { get; init; }

    /// <summary>State of a job that another silo is about to lead, as the one that led it has ended.</summary>
    public const string Recovering = "recovering";

    /// <summary>Whether another silo goes on with the job when the one that leads it ends.</summary>
    public bool IsKept { get; init; }

    /// <summary>Whether its leader was about to stop and has saved it for another silo.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>Whether the job failed because a silo that it needs has ended.</summary>
    public bool LostASilo { get; init; }

    /// <summary>Whether the job has not ended.</summary>
    [JsonIgnore]
    public bool IsUnfinished => State is "starting" or "running" or Recovering;

    /// <summary>
    /// Writes <c>FOLDER/ID.json</c>, whole, by rename. Not synchronised to disk: it describes living processes.
    /// </summary>
    /// <param name="folder">Folder of the live job states.</param>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(Path.Combine(folder, Id + ".json"), JsonSerializer.SerializeToUtf8Bytes(this, Json));
    }

    /// <summary>
    /// Reads a file; null when it is gone or no such file. The state is <see cref="Lost"/> where the job had not ended
    /// and its leader has.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    public static JobStateFile? TryRead(string path)
    {
        try
        {
            JobStateFile? job = JsonSerializer.Deserialize<JobStateFile>(File.ReadAllText(path), Json);
            bool isLost = job is { IsUnfinished: true }
                && (job.IsHandedOver || (job.Leader is { } leader && !leader.IsAlive()));
            return isLost ? job! with { State = Lost } : job;
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Where a grain lives.</summary>
/// <param name="Grain">Kind and key, e.g. <c>data-shard digits-0001/0</c>.</param>
/// <param name="Silo">Name of the silo.</param>
public sealed record GrainLocation(string Grain, string Silo);

/// <summary>
/// An entry of the index of runs, <c>runs/ID.json</c>: created exclusively, which makes the id unique.
/// </summary>
/// <param name="Id">Run id, <c>NAME-NNNN</c>.</param>
/// <param name="Folder">Absolute path of the run folder.</param>
/// <param name="Cluster">Name of the cluster it runs on; null until it has one.</param>
/// <param name="Started">When it was submitted.</param>
public sealed record RunEntry(string Id, string Folder, string? Cluster, DateTimeOffset Started);
