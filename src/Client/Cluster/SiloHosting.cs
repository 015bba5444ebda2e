using System.CommandLine;
using System.Reflection;

using Microsoft.Extensions.Hosting;

using Trainer.Clusters;
using Trainer.Silos;

namespace Trainer.Cluster;

/// <summary>The one place where the client touches silos: they are this executable too.</summary>
internal static class SiloHosting
{
    private const string Command = "silo";

    /// <summary>The hidden command that makes a process a silo.</summary>
    public static Command Create()
    {
        var cluster = new Option<string>("--cluster") { Required = true };
        var id = new Option<string?>("--id");
        var name = new Option<string>("--name") { Required = true };
        var command = new Command(Command, "Runs a silo; for internal use.") { Hidden = true };
        command.Options.Add(cluster);
        command.Options.Add(id);
        command.Options.Add(name);
        command.SetAction(result =>
        {
            // Without an id it joins whatever cluster of that name is declared: a silo that something else supervises.
            var folder = new ClusterFolder(TrainerHome.Current, result.GetRequiredValue(cluster));
            string declared = result.GetValue(id) ?? folder.ReadCluster()?.Id ?? "";
            return SiloProcess.RunAsync(folder, declared, result.GetRequiredValue(name));
        });
        return command;
    }

    /// <summary>The command line of a silo's process.</summary>
    public static IReadOnlyList<string> CommandLine(ClusterFile cluster, string silo) =>
        [.. Self(), Command, "--cluster", cluster.Name, "--id", cluster.Id, "--name", silo];

    /// <summary>A silo inside this process.</summary>
    public static Task<IHost> StartInProcessAsync(
        ClusterFolder folder, ClusterFile cluster, string silo, CancellationToken cancellationToken) =>
        SiloHost.StartInProcessAsync(folder, cluster, silo, cancellationToken);

    /// <summary>Connects a client to the silos of a folder.</summary>
    public static IClientBuilder UseClusterFolder(IClientBuilder client, ClusterFolder folder) =>
        client.UseClusterFolder(folder);

    // The executable, or `dotnet trainer.dll`; a test's process is neither, and has the executable in its folder.
    private static string[] Self()
    {
        Assembly own = typeof(SiloHosting).Assembly;
        string process = Environment.ProcessPath
            ?? throw new PlatformNotSupportedException("This system does not tell which executable runs.");
        if (Assembly.GetEntryAssembly() != own)
        {
            return [Path.ChangeExtension(own.Location, null)];
        }

        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, own.Location] : [process];
    }
}
