using System.CommandLine;

using Trainer.Clusters;
using Trainer.Sweeps;

namespace Trainer.Commands;

/// <summary><c>trainer sweep FILE</c>: hyper-parameter search; without a file the list of sweeps.</summary>
internal static class SweepCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create()
    {
        Argument<string> file = Flags.Argument("FILE", "The sweep file; without it the sweeps are listed.");
        file.Arity = ArgumentArity.ZeroOrOne;
        Option<string[]> set = Flags.Set();
        Option<int?> silos = Silos();
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = Cluster();
        Option<string?> folder = Flags.Text("--out", "DIR", "Its folder, new or empty. Default: sweeps/NAME-NNNN.");
        Option<bool> detach = Flags.Switch("--detach", "Print the sweep's id and return; the sweep goes on.");
        Option<bool> json = Flags.Json("Print one JSON object a line on standard output, nothing else.");
        var sweep = new DocumentedCommand(
            "sweep",
            "Search hyper-parameters: run many trials of a job on one cluster.",
            "trainer sweep examples/sweeps/digits.yaml --silos 2 --threads 1",
            "trainer sweep sweep.yaml --set sweep.trials=50 --set training.epochs=5",
            "trainer sweep sweep.yaml --cluster default --out found --json",
            "id=$(trainer sweep sweep.yaml --detach); trainer sweep status $id",
            "trainer sweep resume digits-sweep-0001",
            "trainer sweep")
        {
            file, set, silos, threads, cluster, folder, detach, json,
        };
        foreach (Command command in SweepRunCommands.Create().Concat(SweepReportCommands.Create()))
        {
            sweep.Subcommands.Add(command);
        }

        sweep.SetAction(result => CommandRunner.RunAsync(
            async stop =>
            {
                if (result.GetValue(file) is not { } path)
                {
                    return await ListAsync(result.InvocationConfiguration.Output, result.GetValue(json));
                }

                var options = new SweepOptions(
                    result.GetRequiredValue(set),
                    result.GetValue(silos),
                    result.GetValue(threads),
                    result.GetValue(cluster),
                    result.GetValue(detach));
                return await new SweepSession(options, SweepViews.Create(result, json), TimeProvider.System)
                    .StartAsync(path, result.GetValue(folder), stop);
            },
            result.InvocationConfiguration.Error));
        return sweep;
    }

    /// <summary><c>--silos N</c>.</summary>
    public static Option<int?> Silos() => Flags.Integer(
        "--silos",
        "N",
        0,
        Flags.MaximumSilos,
        "Run on an own cluster of N silo processes that ends with the sweep; 0: one silo inside this process.");

    /// <summary><c>--cluster NAME</c>.</summary>
    public static Option<string?> Cluster() => Flags.Cluster(
        "Run on this running cluster. With neither '--silos' nor '--cluster': on 'default' if it runs, else on an "
        + "own one of 2 silos.");

    private static async Task<int> ListAsync(TextWriter output, bool json)
    {
        TrainerHome home = TrainerHome.Current;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        SweepStatus[] found =
            [.. Reporting.RunIndex.OfSweeps(home).List().Select(entry => SweepStatus.Of(entry, home, now))];
        IEnumerable<string> lines = json
            ? found.Select(SweepList.JsonLine)
            : SweepList.Lines(found, Directory.GetCurrentDirectory());
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }

        return ExitCode.Done;
    }
}
