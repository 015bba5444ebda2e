using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer cancel RUN</c>: ends a run.</summary>
internal static class CancelCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        var cancel = new DocumentedCommand(
            "cancel",
            "Write a checkpoint of a run and end it.",
            "trainer cancel digits-0001")
        {
            run,
        };
        cancel.SetAction(result => CommandRunner.RunAsync(stop => new AttachSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            RunViews.Create(result, json: null),
            TimeProvider.System).CancelAsync(stop)));
        return cancel;
    }
}
