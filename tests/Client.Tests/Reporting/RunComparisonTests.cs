using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Commands;

using Xunit;

namespace Trainer.Reporting;

public sealed class RunComparisonTests : IDisposable
{
    private const string Job = """
        {"version": 1, "name": "a", "data": {"source": "digits"}, "model": {"hidden": [16]},
        "optimizer": {"name": "adam", "learning_rate": 0.01}}
        """;

    private const string OtherJob = """
        {"version": 1, "name": "a", "data": {"source": "digits"}, "model": {"hidden": [16, 8]},
        "optimizer": {"name": "sgd", "learning_rate": 0.01, "momentum": 0.9}}
        """;

    private const string Summary = """
        {"status": "completed", "epochs": 4, "rows_per_second": 1000.0, "weights_sha256": "w", "data_sha256": "d",
        "test": {"loss": 0.25, "accuracy": 0.75}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-compare-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Create_DifferentJobs_ListsExactlyTheKeysThatDiffer()
    {
        RunComparison comparison = RunComparison.Create(Run("a", Job, Summary), Run("b", OtherJob, Summary));

        Dictionary<string, Compared<JsonNode>> keys = comparison.Job.ToDictionary(key => key.Name);
        Assert.Equal("[16,8]", keys["model.hidden"].B!.ToJsonString());
        Assert.Null(keys["optimizer.momentum"].A);
        Assert.Null(keys["optimizer.beta1"].B);
        Assert.All(
            keys.Keys.Except(["model.hidden"]), key => Assert.StartsWith("optimizer.", key, StringComparison.Ordinal));
        Assert.DoesNotContain("optimizer.learning_rate", keys.Keys);
    }

    [Fact]
    public void Create_SameRun_IsTheSameInAll()
    {
        RunReference run = Run("a", Job, Summary);

        var comparison = RunComparison.Create(run, run);

        Assert.Empty(comparison.Job);
        Assert.True(comparison.SameWeights);
        Assert.True(comparison.SameData);
        Assert.Contains("job: the same in every key", RunComparisonReport.ToText(comparison));
    }

    [Fact]
    public void Create_OtherWeights_SaysDifferent() => Assert.False(RunComparison.Create(
        Run("a", Job, Summary), Run("b", Job, Summary.Replace("\"w\"", "\"v\""))).SameWeights);

    [Fact]
    public void Create_RunThatHasNotEnded_KnowsNoSameness()
    {
        RunComparison comparison = RunComparison.Create(Run("a", Job, Summary), Run("b", Job, summary: null));

        Assert.Null(comparison.SameWeights);
        Assert.Equal(new Compared<double?>("test.loss", 0.25, null), comparison.Metrics[0]);
        Assert.Contains("no summary", RunComparisonReport.ToText(comparison));
    }

    [Fact]
    public void Create_Folds_ComparesTheirMeans()
    {
        string folds = Summary.Replace("\"test\":", "\"mean\":");

        RunComparison comparison = RunComparison.Create(Run("a", Job, folds), Run("b", Job, folds));

        Assert.Equal(new Compared<double?>("mean.accuracy", 0.75, 0.75), comparison.Metrics[1]);
    }

    [Fact]
    public async Task Compare_Json_HasBothSides()
    {
        RunReference a = Run("a", Job, Summary);
        RunReference b = Run("b", OtherJob, Summary.Replace("0.75", "0.5").Replace("1000", "2500"));

        (int code, string output, _) = await CommandRun.RunAsync("runs", "compare", a.Folder, b.Folder, "--json");

        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("a", json.GetProperty("a").GetProperty("id").GetString());
        Assert.True(json.GetProperty("same_weights").GetBoolean());
        Assert.Equal("""{"a":0.75,"b":0.5}""", json.GetProperty("metrics").GetProperty("test.accuracy").GetRawText());
        Assert.Equal("""{"a":[16],"b":[16,8]}""", json.GetProperty("job").GetProperty("model.hidden").GetRawText());
    }

    [Fact]
    public async Task Compare_Text_HasDifferenceAndRatio()
    {
        RunReference a = Run("a", Job, Summary);
        RunReference b = Run("b", Job, Summary.Replace("0.75", "0.5").Replace("1000", "2500"));

        (_, string output, _) = await CommandRun.RunAsync("runs", "compare", a.Folder, b.Folder);

        Assert.Matches(@"\n  test\.accuracy +0\.7500 +0\.5000 +-0\.2500\n", output);
        Assert.Matches(@"\n  rows_per_second +1,000 +2,500 +x 2\.5(\n|\z)", output);
    }

    [Theory]
    [InlineData("runs --json", ExitCode.Done)]
    [InlineData("runs compre a b", ExitCode.Usage)]
    [InlineData("runs --jsno", ExitCode.Usage)]
    [InlineData("runs compare a", ExitCode.Usage)]
    public async Task Runs_WithSubcommand_StillChecksItsWords(string line, int expected)
    {
        (int code, _, string error) = await CommandRun.RunAsync(line.Split(' '));

        Assert.Equal(expected, code);
        Assert.Equal(expected == ExitCode.Usage, error.Length > 0);
    }

    private RunReference Run(string name, string job, string? summary)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        var run = new RunReference(name, folder, Entry: null);
        File.WriteAllText(run.JobPath, job);
        if (summary is not null)
        {
            File.WriteAllText(run.SummaryPath, summary);
        }

        return run;
    }
}
