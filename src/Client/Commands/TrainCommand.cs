using System.CommandLine;

using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var job = new Argument<string>("JOB") { Description = "The job file: YAML or JSON." };
        Option<string[]> set = Flags.Set();
        Option<int?> silos = Flags.Number(
            "--silos", "N", 0, Flags.MostSilos,
            "Run on an own cluster of N silo processes that ends with the job; 0: one silo inside this process.");
        Option<int?> threads = Flags.Threads();
        var cluster = new Option<string?>("--cluster")
        {
            HelpName = "NAME",
            Description = "Run on this running cluster. Without '--silos' and '--cluster': on 'default' if it runs, else on an own "
                + "one of 2 silos.",
        };
        var folder = new Option<string?>("--out")
        {
            HelpName = "DIR",
            Description = "Run folder, new or empty. Default: runs/NAME-NNNN.",
        };
        var detach = new Option<bool>("--detach") { Description = "Print the run's id and return; the job goes on." };
        Option<string[]> require = Flags.Repeated(
            "--require", "METRIC=VALUE", "End with code 5 when the finished job misses the value (a loss: exceeds it). Repeatable.");
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "train",
            "Trains a network and writes a run folder with model, metrics and summary. Ctrl-C cancels.",
            "trainer train examples/digits.yaml --silos 2 --threads 1",
            "trainer train job.yaml --set training.epochs=5 --set 'model.hidden=[64,32]'",
            "trainer train job.yaml --out runs/first --require test.accuracy=0.97",
            "trainer train job.yaml --cluster default --json > events.jsonl",
            "id=$(trainer train job.yaml --detach); trainer attach $id")
        {
            job, set, silos, threads, cluster, folder, detach, require, json,
        };
        command.SetAction(result => CommandRunner.RunAsync(stop =>
        {
            var options = new TrainOptions(
                result.GetRequiredValue(job),
                result.GetValue(set) ?? [],
                result.GetValue(silos),
                result.GetValue(threads),
                result.GetValue(cluster),
                result.GetValue(folder),
                result.GetValue(detach),
                result.GetValue(require) ?? [],
                result.GetValue(json));
            return new TrainSession(options, RunViews.Create(options.Json), TimeProvider.System).RunAsync(stop);
        }));
        return command;
    }
}
