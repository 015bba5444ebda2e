using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer attach</c>.</summary>
internal static class AttachCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        Option<bool> json = Flags.Json();
        var command = new DocumentedCommand(
            "attach",
            "Follows a run that goes on, or shows how it ended. Ctrl-C leaves it going on. The exit code is the run's.",
            "trainer attach digits-0001",
            "trainer attach runs/digits-0001 --json")
        {
            run, json,
        };
        command.SetAction(result => CommandRunner.RunAsync(stop => new AttachSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            RunViews.Create(result.GetValue(json)),
            TimeProvider.System).AttachAsync(stop)));
        return command;
    }
}
