using System.Net;

using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Orleans.Configuration;

using Trainer.Clusters;
using Trainer.Diagnostics;
using Trainer.Grains;
using Trainer.Placement;
using Trainer.Silos.Diagnostics;
using Trainer.Silos.Membership;
using Trainer.Silos.Recovery;
using Trainer.Silos.Security;

namespace Trainer.Silos;

/// <summary>Hosts a silo: in a process of its own (<see cref="SiloProcess"/>) or inside the client's.</summary>
public static class SiloHost
{
    private const int PortAttempts = 10;

    // A killed silo is given up within two to three seconds.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeactivationTimeout = TimeSpan.FromSeconds(5);
    private const int MissedProbes = 2;
    private const int SmallCluster = 3;

    /// <summary>Starts a silo without a gateway inside this process; its services hold the connected client.</summary>
    /// <param name="folder">The cluster's files, created and declared.</param>
    /// <param name="cluster">The cluster as declared.</param>
    /// <param name="name">Name of the silo.</param>
    public static Task<IHost> StartInProcessAsync(
        ClusterFolder folder, ClusterFile cluster, string name, CancellationToken cancellationToken) => StartAsync(
        new SiloSettings(folder, cluster, name, 0, 0).WithFreePorts(gateway: false),
        () => new TextLoggerProvider(new StreamWriter(folder.Log(name), append: true), true, TimeProvider.System),
        telemetry: null,
        _ => { },
        cancellationToken);

    /// <summary>Starts a silo, with other ports where its ports are taken.</summary>
    /// <param name="settings">The silo.</param>
    /// <param name="logger">Where it logs; made and disposed with each attempt.</param>
    /// <param name="telemetry">Its exporters; null: those of the process it lives in.</param>
    /// <param name="starting">Called with the settings of each attempt.</param>
    internal static async Task<IHost> StartAsync(
        SiloSettings settings, Func<ILoggerProvider> logger, IJobTelemetry? telemetry, Action<SiloSettings> starting,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            starting(settings);
            IHost host = Build(settings, logger, telemetry);
            try
            {
                await host.StartAsync(cancellationToken);
                return host;
            }
            catch (Exception error)
            {
                host.Dispose();
                if (attempt == PortAttempts || !IsPortTaken(error))
                {
                    throw;
                }

                settings = settings.WithFreePorts(settings.GatewayPort != 0);
            }
        }
    }

    private static bool IsPortTaken(Exception error) =>
        error is AddressInUseException
        || (error is AggregateException all && all.InnerExceptions.Any(IsPortTaken))
        || (error.InnerException is { } inner && IsPortTaken(inner));

    private static IHost Build(SiloSettings settings, Func<ILoggerProvider> logger, IJobTelemetry? telemetry)
    {
        // Empty: no configuration file of the working folder, no environment variable may change a silo.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Trainer", LogLevel.Information);

        // It advises server garbage collection, and takes the time since the machine's start for a stall.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Services.AddSingleton(_ => logger());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        if (telemetry is not null)
        {
            builder.Services.AddSingleton(telemetry);
        }

        builder.UseOrleans(silo =>
        {
            AddMembership(silo, settings);
            AddNetwork(silo, settings);
            silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = DeactivationTimeout);
            silo.AddTrainerGrains(settings.Name, settings.Cluster.Threads, settings.Folder.Jobs);
        });

        // After the silo: it calls grains.
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ISiloDrains>(new FileSiloDrains(settings.Folder, TimeProvider.System));
        builder.Services.AddHostedService<JobKeeper>();
        return builder.Build();
    }

    private static void AddMembership(ISiloBuilder silo, SiloSettings settings)
    {
        string folder = settings.Folder.Membership;
        var table = new FileMembershipTable(new MembershipFolder(folder), new WriteTurn(folder, TimeProvider.System));
        silo.Services.AddSingleton<IMembershipTable>(table);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(table);
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = settings.Cluster.Name;
            options.ServiceId = "trainer";
        });
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = ProbeTimeout;
            options.NumMissedProbesLimit = MissedProbes;
            options.NumVotesForDeathDeclaration = settings.Cluster.Silos <= SmallCluster ? 1 : 2;
            options.TableRefreshTimeout = TableRefresh;
            options.IAmAliveTablePublishTimeout = TableRefresh;
        });

        // The default directory deactivates grains of living silos when another silo is killed. A lease would hold a
        // killed silo's grains back for 30 s; every message and file is fenced by job and incarnation instead.
#pragma warning disable ORLEANSEXP003 // Experimental, and the only one that survives a kill without harm to others.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
    }

    private static void AddNetwork(ISiloBuilder silo, SiloSettings settings)
    {
        byte[] key = settings.Folder.ReadKey();
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = settings.SiloPort;
            options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, settings.SiloPort);
            options.GatewayPort = settings.GatewayPort;
            options.GatewayListeningEndpoint =
                settings.GatewayPort == 0 ? null : new IPEndPoint(IPAddress.Loopback, settings.GatewayPort);
        });
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.Configure<SiloConnectionOptions>(options => options.Prove(key));
    }

    // Signals are the process' business: a silo inside a client must not take its Ctrl-C.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
