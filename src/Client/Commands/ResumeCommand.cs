using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer resume RUN</c>: goes on with a run from its last good checkpoint.</summary>
internal static class ResumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        Option<int?> silos = Flags.OwnSilos();
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = Flags.RunningCluster();
        Option<bool> detach = Flags.Switch("--detach", "Print the run's id and return; the job goes on.");
        Option<bool> json = Flags.Json("Print one JSON object a line on standard output, nothing else.");
        var resume = new DocumentedCommand(
            "resume",
            "Go on with a run from its last checkpoint, to the same bits.",
            "trainer resume digits-0001",
            "trainer resume runs/digits-0001 --silos 3 --threads 1",
            "trainer resume digits-0001 --cluster default --detach",
            "trainer resume digits-0001 --json > events.jsonl")
        {
            run, silos, threads, cluster, detach, json,
        };
        resume.SetAction(result => CommandRunner.RunAsync(stop => new ResumeSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            new PlacementOptions(
                result.GetValue(silos), result.GetValue(threads), result.GetValue(cluster), result.GetValue(detach)),
            RunViews.Create(result, json),
            TimeProvider.System).RunAsync(stop)));
        return resume;
    }
}
