using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Reporting;

using Xunit;

namespace Trainer.Training;

public sealed class NewRunTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome _place = new();

    private RunIndex Index => new(_place.Home);

    private string Out => Path.Combine(_place.Folder, "out");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Create_OwnFolder_JobAndEntry()
    {
        var run = NewRun.Create(Index, "digits", Out + "/", "version: 1\n", Noon);

        Assert.Equal("version: 1\n", File.ReadAllText(Path.Combine(Out, "job.yaml")));
        Assert.Equal(new RunEntry("digits-0001", Out, Cluster: null, Noon), run.Entry);
    }

    [Fact]
    public void PlaceOn_Cluster_StandsInTheIndex()
    {
        var run = NewRun.Create(Index, "digits", Out, "version: 1\n", Noon);

        run.PlaceOn("default");

        Assert.Equal("default", Index.Find("digits-0001")?.Cluster);
    }

    [Fact]
    public void Abandon_NewFolder_LeavesNothing()
    {
        var run = NewRun.Create(Index, "digits", Out, "version: 1\n", Noon);

        run.Abandon();

        Assert.False(Directory.Exists(Out));
        Assert.Empty(Index.List());
    }

    [Fact]
    public void Abandon_FolderOfTheUser_KeepsIt()
    {
        Directory.CreateDirectory(Out);
        var run = NewRun.Create(Index, "digits", Out, "version: 1\n", Noon);

        run.Abandon();

        Assert.Empty(Directory.EnumerateFileSystemEntries(Out));
    }

    [Fact]
    public void Create_FolderBelowAFile_UsageErrorAndNoEntry()
    {
        File.WriteAllText(Out, "");

        var error = Assert.Throws<CommandException>(
            () => NewRun.Create(Index, "digits", Path.Combine(Out, "x"), "version: 1\n", Noon));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Empty(Index.List());
    }

    [Fact]
    public void CheckFolder_NotEmpty_Refused()
    {
        Directory.CreateDirectory(Path.Combine(Out, "x"));

        var error = Assert.Throws<CommandException>(() => NewRun.CheckFolder(Out));

        Assert.Equal($"'--out {Out}' is not empty; name a new or an empty folder.", error.Message);
    }

    [Fact]
    public void CheckFolder_File_Refused()
    {
        File.WriteAllText(Out, "");

        var error = Assert.Throws<CommandException>(() => NewRun.CheckFolder(Out));

        Assert.Equal($"'--out {Out}' is no folder; name a new or an empty one.", error.Message);
    }

    [Fact]
    public void CheckFolder_EmptyOrNew_Accepted()
    {
        NewRun.CheckFolder(folder: null);
        NewRun.CheckFolder(Out);
        Directory.CreateDirectory(Out);

        NewRun.CheckFolder(Out);

        Assert.True(Directory.Exists(Out));
    }
}
