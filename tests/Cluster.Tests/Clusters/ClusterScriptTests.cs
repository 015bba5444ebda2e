using System.Diagnostics;
using System.Globalization;

using Xunit;

namespace Trainer.Clusters;

/// <summary>The script of <c>deploy/</c> as containers and service managers run it.</summary>
public sealed class ClusterScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static string Script => Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "deploy", "cluster.sh"));

    [Fact]
    public async Task First_WithASiloThatJoins_IsOneClusterUntilSigterm()
    {
        await using var sandbox = new ClusterSandbox();
        using Process join = Start(sandbox, "join", "silo-1");
        using Process first = Start(sandbox, "first", "1");
        try
        {
            await ClusterSandbox.UntilAsync(
                () => Active(sandbox) == 2, Patience, () => $"{Active(sandbox)} silos are active");

            await TerminateAsync(first);

            using var limit = new CancellationTokenSource(Patience);
            await first.WaitForExitAsync(limit.Token);
            await join.WaitForExitAsync(limit.Token);
            Assert.Equal((0, 0), (first.ExitCode, join.ExitCode));
            Assert.Null(sandbox.Folder().ReadCluster());
        }
        finally
        {
            // No effect on those that ended.
            first.Kill();
            join.Kill();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("last")]
    [InlineData("join")]
    public async Task Script_WrongUse_SaysSo(string argument)
    {
        await using var sandbox = new ClusterSandbox();
        using Process script = Start(sandbox, argument);

        using var limit = new CancellationTokenSource(Patience);
        await script.WaitForExitAsync(limit.Token);

        Assert.Equal(2, script.ExitCode);
    }

    private static int Active(ClusterSandbox sandbox) =>
        sandbox.Folder().ReadSilos().Count(silo => silo.State == SiloStates.Active && silo.Sees.Count == 2);

    private static Process Start(ClusterSandbox sandbox, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", [Script, .. arguments]) { WorkingDirectory = sandbox.Home.Root };
        start.Environment["TRAINER_HOME"] = sandbox.Home.Root;
        start.Environment["TRAINER"] = TrainerCommand.Executable;
        return Process.Start(start)!;
    }

    private static async Task TerminateAsync(Process process)
    {
        string pid = process.Id.ToString(CultureInfo.InvariantCulture);
        using Process kill = Process.Start("kill", ["-TERM", pid]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
