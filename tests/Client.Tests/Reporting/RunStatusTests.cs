using Trainer.Clusters;

using Xunit;

namespace Trainer.Reporting;

public sealed class RunStatusTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Of_FolderGone_Missing()
    {
        var status = RunStatus.Of(Entry(withFolder: false), _place.Home, _ => true);

        Assert.Equal(RunStatus.Missing, status.State);
    }

    [Fact]
    public void Of_Summary_ItsStatus()
    {
        RunEntry entry = Entry();
        File.WriteAllText(RunReference.Of(entry).SummaryPath, """{"status":"diverged","epochs":3}""");

        var status = RunStatus.Of(entry, _place.Home, _ => false);

        Assert.Equal(("diverged", 3), (status.State, status.Epochs));
    }

    [Fact]
    public void Of_UnfinishedJobOfALivingCluster_ItsState()
    {
        WriteState("running");

        var status = RunStatus.Of(Entry(), _place.Home, name => name == "default");

        Assert.Equal(("running", 7), (status.State, status.Epochs));
    }

    [Fact]
    public void Of_UnfinishedJobOfADeadCluster_Lost()
    {
        WriteState("running");

        var status = RunStatus.Of(Entry(), _place.Home, _ => false);

        Assert.Equal((RunStatus.Lost, null), (status.State, status.Epochs));
    }

    [Fact]
    public void Of_UnknownToItsLivingCluster_Lost()
    {
        var status = RunStatus.Of(Entry(), _place.Home, _ => true);

        Assert.Equal(RunStatus.Lost, status.State);
    }

    [Fact]
    public void Lines_Runs_OneTable()
    {
        RunEntry entry = Entry();
        File.WriteAllText(
            RunReference.Of(entry).SummaryPath,
            """{"status":"completed","epochs":12,"test":{"loss":0.12,"accuracy":0.97}}""");
        RunStatus[] runs =
        [
            RunStatus.Of(entry, _place.Home, _ => false),
            RunStatus.Of(Entry(withFolder: false), _place.Home, _ => false),
        ];
        string started = Noon.ToLocalTime().ToString("yyyy-MM-dd HH:mm", null);

        string[] lines = [.. RunList.Lines(runs, _place.Folder)];

        Assert.Equal(
            [
                "id           state      epochs  test             started           folder",
                $"digits-0001  completed      12  accuracy 0.9700  {started}  runs/digits-0001",
                $"gone-0001    missing         -  -                {started}  runs/gone-0001",
            ],
            lines);
    }

    [Fact]
    public void JsonLine_Run_OneObject()
    {
        RunEntry entry = Entry();
        File.WriteAllText(
            RunReference.Of(entry).SummaryPath, """{"status":"completed","epochs":12,"test":{"loss":0.12,"r2":0.5}}""");

        string line = RunList.JsonLine(RunStatus.Of(entry, _place.Home, _ => false));

        Assert.Equal(
            """{"id":"digits-0001","state":"completed","epochs":12,"test":{"loss":0.12,"r2":0.5},"folder":"FOLDER","""
                .Replace("FOLDER", entry.Folder, StringComparison.Ordinal)
            + "\"cluster\":\"default\",\"started\":\"2026-03-01T12:00:00.0000000+00:00\"}",
            line);
    }

    private RunEntry Entry(bool withFolder = true)
    {
        string id = withFolder ? "digits-0001" : "gone-0001";
        var entry = new RunEntry(id, Path.Combine(_place.Runs, id), "default", Noon);
        if (withFolder)
        {
            Directory.CreateDirectory(entry.Folder);
        }

        return entry;
    }

    private void WriteState(string state) => new JobStateFile(
        "digits-0001", "digits", state, 7, 140, 140, 1, "messages", [], [], Path.Combine(_place.Runs, "digits-0001"))
        .Write(_place.Home.Jobs("default"));
}
