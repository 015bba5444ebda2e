using System.CommandLine;

using Trainer.Clusters;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Commands;

/// <summary><c>trainer pause RUN</c>: stops a run so that it can be resumed.</summary>
internal static class PauseCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        var pause = new DocumentedCommand(
            "pause",
            "Write a checkpoint of a run and stop it; 'resume' goes on.",
            "trainer pause digits-0001",
            "trainer pause digits-0001 && trainer resume digits-0001 --silos 4")
        {
            run,
        };
        pause.SetAction(result => CommandRunner.RunAsync(stop => new AttachSession(
            RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current),
            RunViews.Create(result, json: null),
            TimeProvider.System).PauseAsync(stop)));
        return pause;
    }
}
