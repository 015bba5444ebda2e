using Trainer.Commands;

using Xunit;

namespace Trainer.Training;

public sealed class ClusterChoiceTests
{
    [Fact]
    public void Of_NoFlagAndDefaultRuns_Default() => Assert.Equal(
        new ClusterChoice(ClusterKind.Running, "default", 0),
        ClusterChoice.Of(cluster: null, silos: null, isDetached: false, name => name == "default"));

    [Fact]
    public void Of_NoFlagAndNothingRuns_OwnOfTwo() => Assert.Equal(
        new ClusterChoice(ClusterKind.Own, null, 2),
        ClusterChoice.Of(cluster: null, silos: null, isDetached: false, _ => false));

    [Fact]
    public void Of_Silos_OwnThoughDefaultRuns() => Assert.Equal(
        new ClusterChoice(ClusterKind.Own, null, 3),
        ClusterChoice.Of(cluster: null, silos: 3, isDetached: true, _ => true));

    [Fact]
    public void Of_NoSilo_InProcess() => Assert.Equal(
        new ClusterChoice(ClusterKind.InProcess, null, 0),
        ClusterChoice.Of(cluster: null, silos: 0, isDetached: false, _ => true));

    [Fact]
    public void Of_Cluster_ThatOneThoughItIsNotSeen() => Assert.Equal(
        new ClusterChoice(ClusterKind.Running, "lab", 0),
        ClusterChoice.Of("lab", silos: null, isDetached: false, _ => false));

    [Fact]
    public void Of_ClusterAndSilos_UsageError()
    {
        var error = Assert.Throws<CommandException>(
            () => ClusterChoice.Of("lab", silos: 2, isDetached: false, _ => true));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.StartsWith(
            "'--cluster lab' and '--silos 2' exclude each other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_DetachedInProcess_UsageError()
    {
        var error = Assert.Throws<CommandException>(
            () => ClusterChoice.Of(cluster: null, silos: 0, isDetached: true, _ => true));

        Assert.Equal(ExitCode.Usage, error.Code);
    }
}
