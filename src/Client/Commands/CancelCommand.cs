using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer cancel</c>.</summary>
internal static class CancelCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        var command = new DocumentedCommand(
            "cancel",
            "Ends a run at its next step. A run that has already ended stays as it is.",
            "trainer cancel digits-0001")
        {
            run,
        };
        command.SetAction(result => CommandRunner.RunAsync(stop => new AttachSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            new PlainView(Console.Out, Console.Error),
            TimeProvider.System).CancelAsync(stop)));
        return command;
    }
}
