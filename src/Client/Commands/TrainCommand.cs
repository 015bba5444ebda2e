using System.CommandLine;

using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer train JOB</c>: runs a job.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> job = Flags.Argument("JOB", "The job file, YAML or JSON.");
        Option<string[]> set = Flags.Set();
        Option<int?> silos = Flags.OwnSilos();
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = Flags.RunningCluster();
        Option<string?> folder = Flags.Text("--out", "DIR", "Run folder, new or empty. Default: runs/NAME-NNNN.");
        Option<bool> detach = Flags.Switch("--detach", "Print the run's id and return; the job goes on.");
        Option<string[]> require = Flags.Texts(
            "--require",
            "METRIC=VALUE",
            "End with code 5 when the finished job misses the value (a loss: exceeds it). Several must all hold.");
        Option<bool> json = Flags.Json("Print one JSON object a line on standard output, nothing else.");
        var train = new DocumentedCommand(
            "train",
            "Train a network; write a run folder with model, metrics and summary.",
            "trainer train examples/digits.yaml --silos 2 --threads 1",
            "trainer train job.yaml --set training.epochs=5 --set 'model.hidden=[64,32]'",
            "trainer train job.yaml --out runs/first --require test.accuracy=0.97",
            "trainer train job.yaml --cluster default --json > events.jsonl",
            "id=$(trainer train job.yaml --detach); trainer attach $id")
        {
            job, set, silos, threads, cluster, folder, detach, require, json,
        };
        train.SetAction(result => CommandRunner.RunAsync(stop =>
        {
            var options = new TrainOptions(
                result.GetRequiredValue(job),
                result.GetRequiredValue(set),
                new PlacementOptions(
                    result.GetValue(silos),
                    result.GetValue(threads),
                    result.GetValue(cluster),
                    result.GetValue(detach)),
                result.GetValue(folder),
                result.GetRequiredValue(require));
            return new TrainSession(options, RunViews.Create(result, json), TimeProvider.System).RunAsync(stop);
        }));
        return train;
    }
}
