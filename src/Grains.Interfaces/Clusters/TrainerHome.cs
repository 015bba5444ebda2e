namespace Trainer.Clusters;

/// <summary>Where processes of this user keep their files: <c>$TRAINER_HOME</c>, default <c>~/.trainer</c>.</summary>
/// <remarks>
/// <c>clusters/NAME/</c>: cluster.json, key, membership/, silos/SILO.json, jobs/ID.json, logs/SILO.log ·
/// <c>runs/ID.json</c>: index of runs · <c>data/</c>: downloads. Folders are 0700.
/// </remarks>
public sealed class TrainerHome
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A home at a given folder.</summary>
    public TrainerHome(string root) => Root = System.IO.Path.GetFullPath(root);

    /// <summary>The home of this process' environment.</summary>
    public static TrainerHome Current => new(
        Environment.GetEnvironmentVariable("TRAINER_HOME") is { Length: > 0 } home
            ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".trainer"));

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Folder of a cluster.</summary>
    public string Cluster(string name) => System.IO.Path.Combine(Root, "clusters", name);

    /// <summary>The live state of the jobs of a cluster, one file a job.</summary>
    public string Jobs(string cluster) => System.IO.Path.Combine(Cluster(cluster), "jobs");

    /// <summary>The index of runs, one file a run.</summary>
    public string Runs => System.IO.Path.Combine(Root, "runs");

    /// <summary>Creates a folder of the home, and those above it up to the home itself, for this user only.</summary>
    /// <param name="folder">The folder, at or below <see cref="Root"/>; where it exists nothing changes.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public void Create(string folder)
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
