using Trainer.Clusters;
using Trainer.Commands;

using Xunit;

namespace Trainer.Reporting;

public sealed class RunReferenceTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Resolve_Id_FolderOfItsEntry()
    {
        RunEntry entry = Claim();

        var run = RunReference.Resolve("digits-0001", _place.Home);

        Assert.Equal(new RunReference("digits-0001", entry.Folder, entry), run);
        Assert.Equal(Path.Combine(entry.Folder, "model.safetensors"), run.ModelPath);
    }

    [Fact]
    public void Resolve_FolderOfAnEntry_ItsId()
    {
        RunEntry entry = Claim();
        WriteJob(entry.Folder);

        var run = RunReference.Resolve(entry.Folder + "/", _place.Home);

        Assert.Equal(new RunReference("digits-0001", entry.Folder, entry), run);
    }

    [Fact]
    public void Resolve_FolderUsedTwice_TheNewerRun()
    {
        string folder = Path.Combine(_place.Folder, "out");
        var index = new RunIndex(_place.Home);
        index.Claim("digits", _place.Runs, folder, Noon);
        index.Claim("digits", _place.Runs, folder, Noon.AddHours(1));
        WriteJob(folder);

        var run = RunReference.Resolve(folder, _place.Home);

        Assert.Equal("digits-0002", run.Id);
    }

    [Fact]
    public void Resolve_FolderFromElsewhere_NamedLikeTheFolder()
    {
        string folder = Path.Combine(_place.Folder, "copied");
        WriteJob(folder);

        var run = RunReference.Resolve(folder, _place.Home);

        Assert.Equal(new RunReference("copied", folder, Entry: null), run);
    }

    [Fact]
    public void Resolve_SlipOfAnId_NamesTheNearest()
    {
        Claim();

        var error = Assert.Throws<CommandException>(() => RunReference.Resolve("digit-0001", _place.Home));

        Assert.Equal(
            "'digit-0001' is neither the id of a run nor a run folder; did you mean 'digits-0001'?", error.Message);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Fact]
    public void Resolve_NothingNear_SaysWhereIdsAreListed()
    {
        var error = Assert.Throws<CommandException>(() => RunReference.Resolve("heart", _place.Home));

        Assert.Equal(
            "'heart' is neither the id of a run nor a run folder; 'trainer runs' lists the runs.", error.Message);
    }

    [Fact]
    public void Resolve_FolderWithoutJob_IsNoRunFolder()
    {
        var error = Assert.Throws<CommandException>(() => RunReference.Resolve(_place.Folder, _place.Home));

        Assert.Equal(
            $"'{_place.Folder}' is no run folder: it has no 'job.yaml'; 'trainer runs' lists the runs.", error.Message);
    }

    private static void WriteJob(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "job.yaml"), "version: 1\n");
    }

    private RunEntry Claim() => new RunIndex(_place.Home).Claim("digits", _place.Runs, folder: null, Noon);
}
