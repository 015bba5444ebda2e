using System.CommandLine;

using Trainer.Clusters;
using Trainer.Diagnosis;

namespace Trainer.Commands;

/// <summary><c>trainer doctor</c>: what this machine offers, and what to do about what is missing.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<bool> json = Flags.Json();
        var doctor = new DocumentedCommand(
            "doctor",
            "Check this machine: SIMD, memory, ports, disk, clusters.",
            "trainer doctor",
            "trainer doctor --json")
        {
            json,
        };
        doctor.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            IReadOnlyList<Finding> findings =
                await Doctor.ExamineAsync(TrainerHome.Current, TimeProvider.System, stop);
            IEnumerable<string> lines = result.GetValue(json)
                ? [DoctorReport.ToJson(findings)]
                : DoctorReport.Lines(findings);
            foreach (string line in lines)
            {
                await result.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return findings.Any(finding => finding.State == FindingState.Broken) ? ExitCode.Failed : ExitCode.Done;
        }));
        return doctor;
    }
}
