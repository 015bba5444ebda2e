using Trainer.Errors;

namespace Trainer.Clusters;

/// <summary>Where processes of this user keep their files: <c>$TRAINER_HOME</c>, default <c>~/.trainer</c>.</summary>
/// <remarks>
/// <c>clusters/NAME/</c>: cluster.json, key, membership/, silos/SILO.json, jobs/ID.json, sweeps/ID.json,
/// logs/SILO.log · <c>runs/ID.json</c>: index of runs · <c>sweeps/ID.json</c>: index of sweeps ·
/// <c>data/</c>: downloads. Folders are 0700.
/// </remarks>
public sealed class TrainerHome
{
    private const string Variable = "TRAINER_HOME";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A home at a given folder.</summary>
    public TrainerHome(string root) => Root = System.IO.Path.GetFullPath(root);

    /// <summary>The home of this process' environment.</summary>
    public static TrainerHome Current => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } home
            ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".trainer"));

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Folder of a cluster.</summary>
    public string Cluster(string name) => System.IO.Path.Combine(Root, "clusters", name);

    /// <summary>The live state of the jobs of a cluster, one file a job.</summary>
    public string Jobs(string cluster) => System.IO.Path.Combine(Cluster(cluster), "jobs");

    /// <summary>The live state of the sweeps of a cluster, one file a sweep.</summary>
    public string ClusterSweeps(string cluster) => System.IO.Path.Combine(Cluster(cluster), "sweeps");

    /// <summary>The index of sweeps, one file a sweep.</summary>
    public string Sweeps => System.IO.Path.Combine(Root, "sweeps");

    /// <summary>The index of runs, one file a run.</summary>
    public string Runs => System.IO.Path.Combine(Root, "runs");

    /// <summary>
    /// Creates a folder of the home, and those above it up to the home itself, for this user only; proves that it can
    /// be written.
    /// </summary>
    /// <param name="folder">The folder, at or below <see cref="Root"/>; where it exists nothing changes.</param>
    /// <exception cref="ConfigurationException">It cannot be created or written.</exception>
    public void Create(string folder)
    {
        if (DefectOf(folder) is { } reason)
        {
            throw new ConfigurationException(
                $"'{Variable}' is '{Root}', which cannot be used ({reason}); set it to a folder that you can "
                + "write to.");
        }
    }

    /// <summary>Creates a folder like <see cref="Create"/>.</summary>
    /// <returns>Why it cannot be created or written; null: it can.</returns>
    public string? DefectOf(string folder)
    {
        try
        {
            CreateEach(folder);
            string probe = System.IO.Path.Combine(folder, $".{System.IO.Path.GetRandomFileName()}");
            using FileStream file = new(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return FileOnTheWayTo(folder) is { } file
                ? $"'{file}' is a file"
                : error.Message.ReplaceLineEndings(" ").TrimEnd('.');
        }
    }

    private static string? FileOnTheWayTo(string? path)
    {
        while (path is not null && !File.Exists(path))
        {
            path = System.IO.Path.GetDirectoryName(path);
        }

        return path;
    }

    private void CreateEach(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // The mode of CreateDirectory holds for the last folder only, so each is created by itself.
        string below = System.IO.Path.GetRelativePath(Root, folder);
        string path = Root;
        Directory.CreateDirectory(path, OwnerOnly);
        foreach (string name in below.Split(System.IO.Path.DirectorySeparatorChar).Where(name => name != "."))
        {
            path = System.IO.Path.Combine(path, name);
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
