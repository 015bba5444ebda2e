using Trainer.Clusters;
using Trainer.Commands;

namespace Trainer.Cluster;

/// <summary>Starts, resizes and ends the clusters of <c>trainer up</c>.</summary>
internal static class ClusterLifecycle
{
    /// <summary>Name of the cluster of <c>trainer up</c> without a name.</summary>
    public const string DefaultName = "default";

    /// <summary>Silos of a cluster where none are asked for.</summary>
    public const int DefaultSilos = 2;

    /// <summary>How the generated names of own clusters begin.</summary>
    public const string OwnPrefix = "own-";

    /// <summary>The folder of a cluster.</summary>
    /// <param name="name">Its name; null: <see cref="DefaultName"/>.</param>
    /// <exception cref="CommandException">Not a name.</exception>
    public static ClusterFolder Folder(string? name) => ClusterFolder.IsName(name ?? DefaultName)
        ? new ClusterFolder(TrainerHome.Current, name ?? DefaultName)
        : throw new CommandException($"'{name}' is no name of a cluster; {ClusterFolder.NameRule}.");

    /// <summary>Compute threads of a silo where none are given: the cores, shared out.</summary>
    public static int DefaultThreads(int silos) => Math.Max(1, Environment.ProcessorCount / Math.Max(1, silos));

    /// <summary>Starts a cluster.</summary>
    /// <returns>Its silos, all active.</returns>
    /// <exception cref="CommandException">It runs already, or a silo does not start.</exception>
    public static async Task<IReadOnlyList<SiloStateFile>> UpAsync(
        ClusterFolder folder, int silos, int threads, CancellationToken cancellationToken)
    {
        folder.Create();
        using CommandLock held = CommandLock.Take(folder);
        int living = folder.ReadSilos().Count(silo => silo.IsAlive);
        if (living > 0)
        {
            throw new CommandException(
                $"Cluster '{folder.Name}' is already running with {Count(living)}; "
                + "'trainer scale' changes their number, 'trainer down' ends it.");
        }

        // What a power cut or a kill of everything left behind.
        folder.RemoveRunning();
        folder.RemoveUnfinished();
        ClusterFile cluster = Declare(folder, silos, threads, owner: null, untilJob: null);
        var processes = new SiloProcesses(folder, cluster);
        try
        {
            processes.Start(NewNames(silos, []));
            await processes.AwaitAgreementAsync(cancellationToken);
        }
        catch (Exception error)
        {
            await processes.StopAllAsync();
            folder.RemoveRunning();
            throw error is SiloStartException ? new CommandException(error.Message, ExitCode.Failed) : error;
        }

        return folder.ReadSilos();
    }

    /// <summary>
    /// Brings a running cluster to a number of silos: replaces killed ones, adds, or drains the newest.
    /// </summary>
    /// <returns>Its silos.</returns>
    /// <exception cref="ClusterUnreachableException">It is not running.</exception>
    /// <exception cref="CommandException">A silo does not start.</exception>
    public static async Task<IReadOnlyList<SiloStateFile>> ScaleAsync(
        ClusterFolder folder, int silos, CancellationToken cancellationToken)
    {
        _ = folder.ReadCluster() ?? throw ClusterUnreachableException.NotRunning(folder.Name);
        using CommandLock held = CommandLock.Take(folder);
        IReadOnlyList<SiloStateFile> silosNow = folder.ReadSilos();
        SiloStateFile[] living = [.. silosNow.Where(silo => silo.IsAlive && silo.State != SiloStates.Dead)];
        if (living.Length == 0 || folder.ReadCluster() is not { } cluster)
        {
            throw ClusterUnreachableException.NotRunning(folder.Name);
        }

        // The new silos read it: how many votes end a silo depends on how many there are.
        ClusterFile before = cluster;
        cluster = cluster with { Silos = silos };
        folder.Write(cluster);
        var processes = new SiloProcesses(folder, cluster);
        string[] added = NewNames(silos - living.Length, living);
        try
        {
            await processes.EndAsync(silosNow.Where(silo => silo.State == SiloStates.Dead));
            processes.Start(added);
            await processes.StopAsync(living.Skip(silos));
            await processes.AwaitAgreementAsync(cancellationToken);
        }
        catch (Exception error)
        {
            await processes.StopAsync(folder.ReadSilos().Where(silo => added.Contains(silo.Name)));
            folder.Write(before);
            throw error is SiloStartException ? new CommandException(error.Message, ExitCode.Failed) : error;
        }

        return folder.ReadSilos();
    }

    /// <summary>Ends a cluster: no process is left; logs and the state of jobs stay.</summary>
    /// <returns>Silos that were living.</returns>
    /// <exception cref="ClusterUnreachableException">It is not running, and nothing was left of it.</exception>
    public static async Task<int> DownAsync(ClusterFolder folder)
    {
        if (folder.ReadCluster() is null && folder.ReadSilos().Count == 0)
        {
            throw ClusterUnreachableException.NotRunning(folder.Name);
        }

        using CommandLock held = CommandLock.Take(folder);
        SiloStateFile[] living = [.. folder.ReadSilos().Where(silo => silo.IsAlive)];
        if (folder.ReadCluster() is { } cluster)
        {
            await new SiloProcesses(folder, cluster).StopAsync(living);
        }

        folder.RemoveRunning();
        return living.Length;
    }

    /// <summary>Creates the files of a new cluster.</summary>
    public static ClusterFile Declare(
        ClusterFolder folder, int silos, int threads, ProcessIdentity? owner, string? untilJob)
    {
        folder.CreateRunning();
        string id = Guid.NewGuid().ToString("N");
        DateTimeOffset created = TimeProvider.System.GetUtcNow();
        var cluster = new ClusterFile(folder.Name, id, silos, threads, created, owner, untilJob);
        folder.Write(cluster);
        return cluster;
    }

    /// <summary>The lowest names that no living silo has: a killed silo is replaced under its name.</summary>
    public static string[] NewNames(int count, IReadOnlyCollection<SiloStateFile> living) =>
    [
        .. Enumerable.Range(0, int.MaxValue)
            .Select(number => $"silo-{number}")
            .Where(name => living.All(silo => silo.Name != name))
            .Take(Math.Max(0, count)),
    ];

    /// <summary>A number of silos in words.</summary>
    public static string Count(int silos) => silos == 1 ? "1 silo" : $"{silos} silos";
}
