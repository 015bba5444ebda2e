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
        var status = RunStatus.Of(Entry(withFolder: false), _place.Home, Noon);

        Assert.Equal(RunStatus.Missing, status.State);
    }

    [Fact]
    public void Of_Summary_ItsStatus()
    {
        RunEntry entry = Entry();
        File.WriteAllText(RunReference.Of(entry).SummaryPath, """{"status":"diverged","epochs":3}""");

        var status = RunStatus.Of(entry, _place.Home, Noon);

        Assert.Equal(("diverged", 3), (status.State, status.Epochs));
    }

    [Fact]
    public void Of_UnfinishedJobOfALivingSilo_ItsState()
    {
        WriteState("running", ProcessIdentity.Current);

        var status = RunStatus.Of(Entry(), _place.Home, Noon.AddDays(1));

        Assert.Equal(("running", 7), (status.State, status.Epochs));
    }

    [Fact]
    public void Of_UnfinishedJobOfADeadSilo_Lost()
    {
        WriteState("running", ProcessIdentity.Current with { StartTime = 1 });

        var status = RunStatus.Of(Entry(), _place.Home, Noon);

        Assert.Equal(RunStatus.Lost, status.State);
    }

    [Theory]
    [InlineData(29, "starting")]
    [InlineData(30, RunStatus.Lost)]
    public void Of_NoStateFile_StartingForAWhile(int seconds, string expected)
    {
        var status = RunStatus.Of(Entry(), _place.Home, Noon.AddSeconds(seconds));

        Assert.Equal(expected, status.State);
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
            RunStatus.Of(entry, _place.Home, Noon),
            RunStatus.Of(Entry(withFolder: false), _place.Home, Noon),
        ];
        string started = Noon.ToLocalTime().ToString("yyyy-MM-dd HH:mm", null);

        string[] lines = [.. RunList.Lines(runs, _place.Folder)];

        Assert.Equal(
            [
                "id           state      epochs  test             started           resumes after  folder",
                $"digits-0001  completed      12  accuracy 0.9700  {started}  -              runs/digits-0001",
                $"gone-0001    missing         -  -                {started}  -              runs/gone-0001",
            ],
            lines);
    }

    [Fact]
    public void JsonLine_Run_OneObject()
    {
        RunEntry entry = Entry();
        File.WriteAllText(
            RunReference.Of(entry).SummaryPath, """{"status":"completed","epochs":12,"test":{"loss":0.12,"r2":0.5}}""");

        string line = RunList.JsonLine(RunStatus.Of(entry, _place.Home, Noon));

        Assert.Equal(
            """{"id":"digits-0001","state":"completed","epochs":12,"test":{"loss":0.12,"r2":0.5},"""
            + $"\"resumes_after_step\":null,\"folder\":\"{entry.Folder}\","
            + "\"cluster\":\"default\",\"started\":\"2026-03-01T12:00:00.0000000+00:00\"}",
            line);
    }

    [Theory]
    [InlineData("cancelled", 200L)]
    [InlineData("paused", 200L)]
    [InlineData("failed", 200L)]
    [InlineData("completed", null)]
    [InlineData("diverged", null)]
    public void ResumesAfter_Ended_IsTheNewestCheckpointUnlessTheRunIsDone(string state, long? expected)
    {
        RunEntry entry = Entry();
        File.WriteAllText(RunReference.Of(entry).SummaryPath, $$"""{"status":"{{state}}","epochs":12}""");
        Directory.CreateDirectory(Path.Combine(entry.Folder, "checkpoints"));
        foreach (string name in new[] { "1-900.json", "2-200.json", "2-200.safetensors", "claim-2" })
        {
            File.WriteAllText(Path.Combine(entry.Folder, "checkpoints", name), "");
        }

        var status = RunStatus.Of(entry, _place.Home, Noon);

        Assert.Equal(expected, status.ResumesAfter);
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

    private void WriteState(string state, ProcessIdentity leader)
    {
        string folder = Path.Combine(_place.Runs, "digits-0001");
        var job = new JobStateFile("digits-0001", "digits", state, 7, 140, 140, 1, "messages", [], [], folder);
        (job with { Leader = leader }).Write(_place.Home.Jobs("default"));
    }
}
