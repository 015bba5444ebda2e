using System.CommandLine;

using Trainer.Cluster;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer check JOB</c>: validates a job against its data and shows its plan.</summary>
internal static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> job = Flags.Argument("JOB", "The job file, YAML or JSON.");
        Option<string[]> set = Flags.Set();
        Option<int?> silos = Flags.Integer(
            "--silos", "N", 0, Flags.MaximumSilos, "Silos to plan for; 0: one inside the client. Default: 2.");
        Option<bool> json = Flags.Json();
        var check = new DocumentedCommand(
            "check",
            "Validate a job file with its data and show the plan.",
            "trainer check job.yaml",
            "trainer check job.yaml --set training.batch_size=128 --silos 4 --json")
        {
            job, set, silos, json,
        };
        check.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            var shown = new LoadProgress(result.InvocationConfiguration.Error.WriteLine, TimeProvider.System);
            PreparedJob prepared = await PreparedJob.LoadAsync(
                result.GetRequiredValue(job), result.GetRequiredValue(set), shown, stop);
            int count = result.GetValue(silos) ?? ClusterLifecycle.DefaultSilos;
            var report = PlanReport.Create(prepared.Plan, prepared.Data, count, prepared.Folds.Length);
            string text = result.GetValue(json) ? report.ToJson() : report.ToText();
            await result.InvocationConfiguration.Output.WriteLineAsync(text);
            return ExitCode.Done;
        }));
        return check;
    }
}
