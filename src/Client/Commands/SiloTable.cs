using System.Globalization;

using Trainer.Clusters;

namespace Trainer.Commands;

/// <summary>Silos as a plain table.</summary>
internal static class SiloTable
{
    /// <summary>Writes a line a silo.</summary>
    public static void Write(TextWriter output, string cluster, IEnumerable<SiloStateFile> silos)
    {
        output.WriteLine($"Cluster '{cluster}'");
        output.WriteLine("  silo          pid  silo port  gateway port  state");
        foreach (SiloStateFile silo in silos)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {silo.Name,-8} {silo.Process.Pid,8}  {silo.SiloPort,9}  {silo.GatewayPort,12}  {silo.State}"));
        }
    }
}
