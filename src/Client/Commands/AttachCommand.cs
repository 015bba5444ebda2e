using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer attach RUN</c>: follows a run.</summary>
internal static class AttachCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        Option<bool> json = Flags.Json("Print one JSON object a line on standard output, nothing else.");
        var attach = new DocumentedCommand(
            "attach",
            "Follow a run, or show how it ended; Ctrl-C leaves it going on.",
            "trainer attach digits-0001",
            "trainer attach runs/digits-0001 --json")
        {
            run, json,
        };
        attach.SetAction(result => CommandRunner.RunAsync(stop => new AttachSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            RunViews.Create(result, json),
            TimeProvider.System).AttachAsync(stop)));
        return attach;
    }
}
