using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Trainer.Clusters;

/// <summary>
/// The files of one cluster. Reading never needs a living silo, and what is missing or unreadable reads as absent.
/// </summary>
public sealed partial class ClusterFolder
{
    private const int KeyBytes = 32;

    /// <summary>The folder of a cluster; it need not exist.</summary>
    /// <param name="home">This user's home.</param>
    /// <param name="name">Name of the cluster.</param>
    /// <exception cref="ArgumentException">Not a name.</exception>
    public ClusterFolder(TrainerHome home, string name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of a cluster; {NameRule}.", nameof(name));
        }

        Home = home;
        Name = name;
        Path = home.Cluster(name);
        Jobs = home.Jobs(name);
        Sweeps = home.ClusterSweeps(name);
    }

    /// <summary>What a name may be, for messages.</summary>
    public const string NameRule = "allowed are 1 to 64 of A-Z a-z 0-9 . _ - with no dot at the start";

    /// <summary>The home it is in.</summary>
    public TrainerHome Home { get; }

    /// <summary>Name of the cluster.</summary>
    public string Name { get; }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Folder of the membership table.</summary>
    public string Membership => In("membership");

    /// <summary>Folder of the live job state files.</summary>
    public string Jobs { get; }

    /// <summary>Folder of the live sweep state files.</summary>
    public string Sweeps { get; }

    private string ClusterPath => In("cluster.json");

    private string KeyPath => In("key");

    private string Silos => In("silos");

    /// <summary>Whether a text may name a cluster or a silo: it becomes part of paths.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>The log of a silo.</summary>
    public string Log(string silo) => System.IO.Path.Combine(In("logs"), $"{silo}.log");

    /// <summary>Creates the folder, for this user only.</summary>
    public void Create() => Home.Create(Path);

    /// <summary>Creates what a cluster needs before it is declared: its folders and a new key.</summary>
    public void CreateRunning()
    {
        Home.Create(Membership);
        Home.Create(Silos);
        Home.Create(Jobs);
        Home.Create(Sweeps);
        Home.Create(In("logs"));
        WholeFile.Write(KeyPath, RandomNumberGenerator.GetBytes(KeyBytes));
    }

    /// <summary>The secret that every connection proves.</summary>
    /// <exception cref="IOException">There is none: the cluster does not run.</exception>
    public byte[] ReadKey() => File.ReadAllBytes(KeyPath);

    /// <summary>The cluster as declared; null: not running.</summary>
    public ClusterFile? ReadCluster() => TryRead(ClusterPath, ClusterJson.Default.ClusterFile);

    /// <summary>Declares the cluster.</summary>
    public void Write(ClusterFile cluster) =>
        WholeFile.Write(ClusterPath, JsonSerializer.SerializeToUtf8Bytes(cluster, ClusterJson.Default.ClusterFile));

    /// <summary>A silo describes itself.</summary>
    public void Write(SiloStateFile silo) => WholeFile.Write(
        System.IO.Path.Combine(Silos, $"{silo.Name}.json"),
        JsonSerializer.SerializeToUtf8Bytes(silo, ClusterJson.Default.SiloStateFile));

    /// <summary>The silos since the cluster was started, by name, in the state that they are in now.</summary>
    public IReadOnlyList<SiloStateFile> ReadSilos()
    {
        SiloStateFile[] written =
            [.. Files(Silos).Select(file => TryRead(file, ClusterJson.Default.SiloStateFile)).OfType<SiloStateFile>()];
        return
        [
            .. written.Select(silo => silo.Now(written))
                .OrderBy(silo => silo.Name.Length)
                .ThenBy(silo => silo.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The live state of a job; null where there is none yet.</summary>
    public JobStateFile? ReadJob(string id) => Now(JobStateFile.TryRead(System.IO.Path.Combine(Jobs, $"{id}.json")));

    /// <summary>The jobs that have not ended, by id.</summary>
    public IReadOnlyList<JobStateFile> ReadUnfinishedJobs() =>
    [
        .. Files(Jobs).Select(file => Now(JobStateFile.TryRead(file))).OfType<JobStateFile>()
            .Where(job => job.IsUnfinished)
            .OrderBy(job => job.Id, StringComparer.Ordinal),
    ];

    /// <summary>The live state of a sweep; null where there is none yet.</summary>
    public SweepStateFile? ReadSweep(string id) =>
        SweepStateFile.TryRead(System.IO.Path.Combine(Sweeps, $"{id}.json"));

    /// <summary>The sweeps that have not ended, by id.</summary>
    public IReadOnlyList<SweepStateFile> ReadUnfinishedSweeps() =>
    [
        .. Files(Sweeps).Select(SweepStateFile.TryRead).OfType<SweepStateFile>()
            .Where(sweep => sweep.IsUnfinished)
            .OrderBy(sweep => sweep.Id, StringComparer.Ordinal),
    ];

    /// <summary>Removes what makes the cluster count as running; logs and the state of jobs and sweeps stay.</summary>
    public void RemoveRunning()
    {
        // The declaration first: without it all else is a leftover.
        File.Delete(ClusterPath);
        File.Delete(KeyPath);
        foreach (string folder in new[] { Membership, Silos })
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>
    /// Removes the live state of jobs and sweeps that did not end with an earlier cluster of this name.
    /// </summary>
    public void RemoveUnfinished()
    {
        foreach (JobStateFile job in Files(Jobs).Select(JobStateFile.TryRead).OfType<JobStateFile>())
        {
            if (job.IsUnfinished)
            {
                File.Delete(System.IO.Path.Combine(Jobs, $"{job.Id}.json"));
            }
            else if (job.State == JobStateFile.Lost)
            {
                // The silos to come do not go on with it unless they are told to.
                (job with { IsKept = false }).Write(Jobs);
            }
        }

        foreach (SweepStateFile sweep in ReadUnfinishedSweeps())
        {
            File.Delete(System.IO.Path.Combine(Sweeps, $"{sweep.Id}.json"));
        }
    }

    // What has lost its leader is not lost as long as there are silos that will go on with it.
    private JobStateFile? Now(JobStateFile? job) => job is { State: JobStateFile.Lost, IsKept: true } && GoesOn()
        ? job with { State = JobStateFile.Recovering }
        : job;

    private bool GoesOn() =>
        ReadCluster() is { } cluster
        && (cluster.UntilJob is not null || cluster.Owner?.IsAlive() != false)
        && ReadSilos().Any(silo => silo.IsAlive && silo.State is SiloStates.Starting or SiloStates.Active);

    // Names with a dot at the start are files that are being written.
    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*.json").Where(file => System.IO.Path.GetFileName(file)[0] != '.');
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();
}
