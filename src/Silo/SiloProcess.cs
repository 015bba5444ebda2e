using System.Runtime.InteropServices;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Trainer.Clusters;
using Trainer.Diagnostics;
using Trainer.Silos.Diagnostics;
using Trainer.Silos.Recovery;

namespace Trainer.Silos;

/// <summary>A process that is one silo: standard output is its log, SIGTERM and SIGINT stop it gracefully.</summary>
public static partial class SiloProcess
{
    // Longer than the host's own, which it does not keep when it cannot leave the membership.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);

    /// <summary>Runs until a signal, or until there is no more reason to run.</summary>
    /// <param name="folder">The cluster's files.</param>
    /// <param name="cluster">Id of the cluster that this silo was started for.</param>
    /// <param name="name">Name of the silo.</param>
    /// <returns>Exit code: 0 after a graceful stop.</returns>
    public static async Task<int> RunAsync(ClusterFolder folder, string cluster, string name)
    {
        // Holds no folder that a user may want to unmount or remove.
        Directory.SetCurrentDirectory("/");
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, () => asked.TrySetResult("SIGTERM"));
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, () => asked.TrySetResult("SIGINT"));
        using PosixSignalRegistration hangUp = OnSignal(PosixSignal.SIGHUP, () => { });
        using TextLoggerProvider logs = Log();
        ILogger log = logs.CreateLogger(typeof(SiloProcess).FullName!);
        if (folder.ReadCluster() is not { } declared || declared.Id != cluster)
        {
            LogEnded(log, name, "its cluster was taken down");
            return 0;
        }

        try
        {
            SiloSettings settings = new SiloSettings(folder, declared, name, 0, 0).WithFreePorts(gateway: true);
            await RunAsync(settings, asked.Task, log);
            return 0;
        }
        catch (Exception error)
        {
            LogFailed(log, error, name);
            return 1;
        }
    }

    private static async Task RunAsync(SiloSettings settings, Task<string> asked, ILogger log)
    {
        (ClusterFolder folder, ClusterFile cluster, string name) = (settings.Folder, settings.Cluster, settings.Name);
        string instance = $"{cluster.Name}/{name}/{Environment.ProcessId}";
        using var telemetry = new TraceExport("trainer-silo", instance, Console.Out);
        using var stop = new CancellationTokenSource();
        var state = new SiloState(folder, cluster, name);
        Task<string> watch = new SiloWatch(folder, cluster, TimeProvider.System).WaitAsync(stop.Token);
        Task<string> end = Task.WhenAny(asked, watch).Unwrap();

        Task<IHost> start = SiloHost.StartAsync(settings, Log, telemetry, state.Starting, stop.Token);
        if (await Task.WhenAny(start, end) == end)
        {
            await stop.CancelAsync();
        }

        try
        {
            IHost host = await start;
            _ = state.FollowAsync(host.Services.GetRequiredService<IClusterMembershipService>(), stop.Token);
            state.Enter(SiloStates.Active);
            LogActive(log, name, Environment.ProcessId, cluster.Threads);
            LogEnded(log, name, await end);
            await StopAsync(host, state, asked.IsCompleted ? new SiloDrain(folder, name, TimeProvider.System) : null);
        }
        catch (OperationCanceledException) when (end.IsCompletedSuccessfully)
        {
            LogEnded(log, name, await end);
        }

        await stop.CancelAsync();
        state.Enter(SiloStates.Stopped);
        if (!asked.IsCompleted && folder.ReadSilos().All(silo => silo.State is SiloStates.Stopped or SiloStates.Dead))
        {
            // Nobody else is left to clear up.
            folder.RemoveRunning();
        }
    }

    private static async Task StopAsync(IHost host, SiloState state, SiloDrain? drain)
    {
        // A cluster that was taken down has no membership to leave; the others are told by the end of the connections.
        if (state.IsClusterDeclared)
        {
            state.Enter(SiloStates.Stopping);
            await (drain?.WaitAsync() ?? Task.CompletedTask);
            await host.StopAsync(CancellationToken.None).WaitAsync(StopTimeout);
            host.Dispose();
        }
    }

    private static TextLoggerProvider Log() => new(Console.Out, closes: false, TimeProvider.System);

    private static PosixSignalRegistration OnSignal(PosixSignal signal, Action action) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
        });

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Silo '{Name}' is active: process {ProcessId}, {Threads} compute threads.")]
    private static partial void LogActive(ILogger logger, string name, int processId, int threads);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo '{Name}' ends: {Reason}.")]
    private static partial void LogEnded(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Silo '{Name}' failed.")]
    private static partial void LogFailed(ILogger logger, Exception error, string name);
}
