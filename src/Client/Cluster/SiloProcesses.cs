using System.Collections;

using Trainer.Clusters;

namespace Trainer.Cluster;

/// <summary>Starts, awaits and stops the silo processes of a cluster.</summary>
internal sealed class SiloProcesses(ClusterFolder folder, ClusterFile cluster)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private const int LogLines = 10;

    private readonly List<StartedSilo> _started = [];

    /// <summary>Starts silos, all at once.</summary>
    /// <param name="names">Their names.</param>
    public void Start(IEnumerable<string> names)
    {
        Hashtable environment = ChildEnvironment();
        foreach (string name in names)
        {
            string log = folder.Log(name);
            long logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
            ProcessIdentity? process = DetachedProcess.Start(SiloHosting.CommandLine(cluster, name), environment, log);
            _started.Add(new StartedSilo(name, process, logStart));
        }
    }

    /// <summary>Waits until all living silos are active and each sees exactly these.</summary>
    /// <exception cref="SiloStartException">A started silo ended, or the time was up.</exception>
    public async Task AwaitAgreementAsync(CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            SiloStateFile[] living =
                [.. folder.ReadSilos().Where(silo => silo.IsAlive && silo.State != SiloStates.Dead)];
            if (_started.Find(silo => silo.Process is null || !silo.Process.IsAlive()) is { } ended)
            {
                throw new SiloStartException($"Silo '{ended.Name}' ended while it started.{LastLines(ended)}");
            }

            int[] ports = [.. living.Select(silo => silo.SiloPort).Order()];
            SiloStateFile? missing = living.FirstOrDefault(
                silo => silo.State != SiloStates.Active || !silo.Sees.SequenceEqual(ports));
            if (missing is null && _started.TrueForAll(silo => living.Any(other => other.Process == silo.Process)))
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > StartTimeout)
            {
                throw new SiloStartException(Describe(missing));
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>
    /// Stops silos gracefully, and by force those that take too long; returns when no process is left.
    /// </summary>
    public async Task StopAsync(IEnumerable<SiloStateFile> silos)
    {
        ProcessIdentity[] processes = [.. silos.Select(silo => silo.Process)];
        Array.ForEach(processes, DetachedProcess.Stop);
        if (!await AwaitEndAsync(processes, StopTimeout))
        {
            await EndAsync(processes);
        }
    }

    /// <summary>Ends silos by force; returns when no process is left.</summary>
    public Task EndAsync(IEnumerable<SiloStateFile> silos) => EndAsync([.. silos.Select(silo => silo.Process)]);

    /// <summary>
    /// Stops every living silo of the cluster, and those that were started here and have not yet said so.
    /// </summary>
    public Task StopAllAsync()
    {
        IEnumerable<SiloStateFile> started = _started
            .Where(silo => silo.Process is not null)
            .Select(silo => new SiloStateFile(silo.Name, silo.Process!, 0, 0, SiloStates.Starting, []));
        return StopAsync(folder.ReadSilos().Concat(started).DistinctBy(silo => silo.Process));
    }

    private Task EndAsync(ProcessIdentity[] processes)
    {
        Array.ForEach(processes, DetachedProcess.End);
        return AwaitEndAsync(processes, KillTimeout);
    }

    private async Task<bool> AwaitEndAsync(ProcessIdentity[] processes, TimeSpan timeout)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (processes.Any(process => process.IsAlive()))
        {
            if (TimeProvider.System.GetElapsedTime(start) > timeout)
            {
                return false;
            }

            await Task.Delay(Poll);
        }

        foreach (StartedSilo silo in _started.Where(silo => silo.Process is not null))
        {
            DetachedProcess.Reap(silo.Process!.Pid);
        }

        return true;
    }

    private string Describe(SiloStateFile? missing)
    {
        if (missing is { State: SiloStates.Active })
        {
            return $"Silo '{missing.Name}' does not see the same silos as the others after "
                + $"{StartTimeout.TotalSeconds:0} s; its log is '{folder.Log(missing.Name)}'.";
        }

        StartedSilo? late = _started.Find(silo => missing is null || silo.Name == missing.Name);
        return $"Silo '{missing?.Name ?? late?.Name}' is not active after {StartTimeout.TotalSeconds:0} s."
            + (late is null ? "" : LastLines(late));
    }

    // What this process was told, with paths that do not depend on the working folder.
    private Hashtable ChildEnvironment()
    {
        var environment = new Hashtable(Environment.GetEnvironmentVariables()) { ["TRAINER_HOME"] = folder.Home.Root };
        if (environment["TRAINER_DATA"] is string folders)
        {
            environment["TRAINER_DATA"] = string.Join(
                Path.PathSeparator,
                folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath));
        }

        return environment;
    }

    private string LastLines(StartedSilo silo)
    {
        try
        {
            string path = folder.Log(silo.Name);
            using FileStream log = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = silo.LogStart;
            using var reader = new StreamReader(log);
            string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines.Length == 0 ? $" It wrote nothing to its log '{path}'." : string.Concat(
                lines.TakeLast(LogLines).Select(line => $"\n  {line}").Prepend($" Its log '{path}' ends:"));
        }
        catch (IOException)
        {
            return " It has no log.";
        }
    }

    private sealed record StartedSilo(string Name, ProcessIdentity? Process, long LogStart);
}

/// <summary>A silo that did not become active.</summary>
internal sealed class SiloStartException(string message) : Exception(message);
