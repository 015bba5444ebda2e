using System.CommandLine;

using Trainer.Clusters;
using Trainer.Sweeps;

namespace Trainer.Commands;

/// <summary><c>trainer sweep resume|pause|cancel|extend SWEEP</c>.</summary>
internal static class SweepRunCommands
{
    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create() =>
    [
        CreateResume(),
        CreateExtend(),
        CreateControl(
            "pause",
            "Start no more trials of a sweep; those that run end.",
            (control, stop) => control.PauseAsync(stop)),
        CreateControl(
            "cancel", "End a sweep; the trials that have ended stay.", (control, stop) => control.CancelAsync(stop)),
    ];

    /// <summary>The argument SWEEP.</summary>
    public static Argument<string> Sweep() => Flags.Argument("SWEEP", "A sweep: its id, or its folder.");

    /// <summary>The sweep that a command line names.</summary>
    public static SweepReference Find(ParseResult result, Argument<string> sweep) =>
        SweepReference.Resolve(result.GetRequiredValue(sweep), TrainerHome.Current);

    private static DocumentedCommand CreateResume()
    {
        Argument<string> sweep = Sweep();
        Option<string[]> set = Flags.Texts(
            "--set", "PATH=VALUE", "Change a key of the section 'sweep', such as the space; the value is YAML.");
        Option<int?> trials = Flags.Integer("--trials", "N", 1, int.MaxValue, "Trials in all.");
        Option<int?> silos = SweepCommand.Silos();
        Option<int?> threads = Flags.Threads();
        Option<string?> cluster = SweepCommand.Cluster();
        Option<bool> detach = Flags.Switch("--detach", "Print the sweep's id and return; the sweep goes on.");
        Option<bool> json = Flags.Json("Print one JSON object a line on standard output, nothing else.");
        var resume = new DocumentedCommand(
            "resume",
            "Go on with a sweep; no trial that has ended runs again.",
            "trainer sweep resume digits-sweep-0001 --trials 60",
            "trainer sweep resume sweeps/heart-sweep-0001 --silos 2 --threads 1",
            "trainer sweep resume x-0001 --set sweep.parallel=4 --cluster night",
            "trainer sweep resume x-0001 --json",
            "trainer sweep resume x-0001 --detach")
        {
            sweep, set, trials, silos, threads, cluster, detach, json,
        };
        resume.SetAction(result => CommandRunner.RunAsync(
            stop =>
            {
                var options = new SweepOptions(
                    result.GetRequiredValue(set),
                    result.GetValue(silos),
                    result.GetValue(threads),
                    result.GetValue(cluster),
                    result.GetValue(detach));
                return new SweepSession(options, SweepViews.Create(result, json), TimeProvider.System)
                    .ResumeAsync(Find(result, sweep), result.GetValue(trials), stop);
            },
            result.InvocationConfiguration.Error));
        return resume;
    }

    private static DocumentedCommand CreateExtend()
    {
        Argument<string> sweep = Sweep();
        Option<string?> trials = Flags.Text("--trials", "N", "Trials in all, or with a plus sign how many more.");
        trials.Required = true;
        var extend = new DocumentedCommand(
            "extend", "Give a sweep more trials.", "trainer sweep extend digits-sweep-0001 --trials +100")
        {
            sweep, trials,
        };
        extend.SetAction(result => CommandRunner.RunAsync(
            stop => Control(result, sweep).ExtendAsync(result.GetRequiredValue(trials) ?? "", stop),
            result.InvocationConfiguration.Error));
        return extend;
    }

    private static DocumentedCommand CreateControl(
        string name, string description, Func<SweepControl, CancellationToken, Task<int>> action)
    {
        Argument<string> sweep = Sweep();
        var command = new DocumentedCommand(name, description, $"trainer sweep {name} digits-sweep-0001") { sweep };
        command.SetAction(result => CommandRunner.RunAsync(
            stop => action(Control(result, sweep), stop), result.InvocationConfiguration.Error));
        return command;
    }

    private static SweepControl Control(ParseResult result, Argument<string> sweep) =>
        new(Find(result, sweep), SweepViews.Create(result, json: null), TimeProvider.System);
}
