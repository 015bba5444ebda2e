using System.Collections.Immutable;
using System.Text.Json;

using Trainer.Data;
using Trainer.Jobs;
using Trainer.Sweeps;

using Xunit;

namespace Trainer.Grains;

public sealed class SweepGrainTests(TwoSiloCluster cluster) : IClassFixture<TwoSiloCluster>
{
    private const string Job = """
        version: 1
        data: {source: digits}
        model: {hidden: [8]}
        training: {epochs: 4, batch_size: 100}
        early_stopping: {patience: 2}
        """;

    private const string Space = """
        space:
            optimizer.learning_rate: {log_uniform: [1e-3, 1e-1]}
            model.hidden: {layers: {int: [1, 2]}, width: {choice: [8, 16]}}
            optimizer.name: {choice: [adam, sgd]}
            optimizer.momentum: {uniform: [0, 0.9], when: {optimizer.name: sgd}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EachTrial_HasTheValueOfItsJobRunAlone()
    {
        SweepProgress end = await RunAsync("alone", "metric: validation.accuracy", "trials: 6");

        Assert.Equal(SweepState.Completed, end.State);
        Assert.Equal(6, end.Changed.Length);
        Assert.Equal(2, end.Changed.Select(row => row.Silo).Distinct().Count());
        foreach (TrialRow row in end.Changed)
        {
            (JobSpec job, DataPlan data) = cluster.Resolve(
                Job, [.. row.Parameters.Select(pair => $"{pair.Key}={pair.Value}")]);
            JobProgress alone = await TwoSiloCluster.EndAsync(
                await cluster.StartAsync($"alone-{row.Number}", job, data), Stop);
            JsonElement summary = JsonDocument.Parse(alone.Summary!).RootElement;
            Assert.Equal(
                summary.GetProperty("validation").GetProperty("accuracy").GetDouble(), row.Value, precision: 15);
            Assert.Equal(summary.GetProperty("epochs").GetInt32(), row.Epochs);
        }
    }

    [Fact]
    public async Task Start_TrialsWithAndWithoutShuffle_DoNotShareTheirOrder()
    {
        string space = "space: {training.shuffle: {choice: [true, false]}}";
        SweepProgress both = await RunAsync("shuffle", ["sampler: grid", "parallel: 1"], Job, space);
        SweepProgress one = await RunAsync(
            "unshuffled", ["sampler: grid"], Job, "space: {training.shuffle: {choice: [false]}}");

        Assert.Equal(one.Changed[0].Value, both.Changed[1].Value);
    }

    [Theory]
    [InlineData("tpe")]
    [InlineData("gp")]
    [InlineData("cmaes")]
    [InlineData("random")]
    public async Task Start_SameSweepTwice_HasTheSameTable(string sampler)
    {
        string options = sampler is "tpe" or "gp" ? $"{{name: {sampler}, startup_trials: 4}}" : sampler;
        string[] keys = [$"sampler: {options}", "trials: 12", "parallel: 3"];

        SweepProgress first = await RunAsync($"first-{sampler}", keys);
        SweepProgress second = await RunAsync($"second-{sampler}", keys);

        Assert.Equal(first.Changed.Select(Essence), second.Changed.Select(Essence));
        Assert.Equal(12, first.Changed.Select(row => string.Join(',', row.Parameters)).Distinct().Count());
    }

    [Fact]
    public async Task Start_TableWithHoles_RunsOnlyWhatIsMissingAndEndsWithTheSameTable()
    {
        string[] keys = ["sampler: {name: tpe, startup_trials: 3}", "trials: 9", "parallel: 2"];
        SweepProgress whole = await RunAsync("whole", keys);
        string folder = Path.Combine(cluster.Folder, "holes");
        Directory.CreateDirectory(folder);
        TrialRow[] kept = [.. whole.Changed.Where(row => row.Number is < 4 or 5)];
        string torn = TrialTable.ToLine(whole.Changed[4])[..40];
        string lines = string.Concat(kept.Select(row => TrialTable.ToLine(row with { Silo = "earlier" }) + "\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, TrialTable.FileName), lines + torn, Stop);

        SweepProgress end = await RunAsync("holes", keys);

        Assert.Equal(whole.Changed.Select(Essence), end.Changed.Select(Essence));
        Assert.Equal(kept.Length, end.Changed.Count(row => row.Silo == "earlier"));
        Assert.Equal(end.Changed.Select(Essence), TrialTable.Read(folder).Values.Select(Essence));
    }

    [Theory]
    [InlineData("{name: asha, eta: 2}")]
    [InlineData("{name: successive_halving, eta: 2}")]
    [InlineData("{name: hyperband, eta: 2}")]
    [InlineData("{name: median, startup_trials: 2}")]
    public async Task Start_SchedulerThatPrunes_EndsAllTrialsWithFewerEpochs(string scheduler)
    {
        string name = $"scheduler-{scheduler.Length}-{scheduler[7]}";
        SweepProgress end = await RunAsync(name, "sampler: random", "trials: 12", $"scheduler: {scheduler}");

        Assert.Equal(SweepState.Completed, end.State);
        Assert.All(end.Changed, row => Assert.Contains(row.State, new[] { TrialState.Completed, TrialState.Pruned }));
        Assert.Contains(end.Changed, row => row.State == TrialState.Pruned);
        Assert.Contains(end.Changed, row => row.State == TrialState.Completed);
        Assert.All(end.Changed, row => Assert.Equal(row.Epochs, row.Curve.Length));
        Assert.True(end.Changed.Sum(row => row.Epochs) < 12 * 4);
    }

    [Fact]
    public async Task Start_PopulationBasedTraining_HandsWeightsOver()
    {
        SweepProgress end = await RunAsync(
            "pbt",
            ["sampler: random", "trials: 6", "scheduler: {name: pbt, population: 6, quantile: 0.34}"],
            Job.Replace("{patience: 2}", "null", StringComparison.Ordinal));

        Assert.Equal(SweepState.Completed, end.State);
        Assert.Contains(end.Changed, row => row.From is not null);
        Assert.All(end.Changed, row => Assert.Equal(4, row.Epochs));
    }

    [Fact]
    public async Task Start_Repeats_ValueIsTheMeanOverSeeds()
    {
        SweepProgress end = await RunAsync("repeats", "metric: validation.loss", "trials: 2", "repeats: 3");

        Assert.All(end.Changed, row =>
        {
            Assert.Equal(3, row.Values.Distinct().Count());
            Assert.Equal(row.Values.Average(), row.Value);
        });
    }

    [Fact]
    public async Task Start_TrialsOverTwoWorkers_HaveTheSameValuesAsOnOne()
    {
        string[] keys = ["metric: validation.loss", "sampler: random", "trials: 3", "repeats: 2"];
        SweepProgress one = await RunAsync("one-worker", keys);
        SweepProgress two = await RunAsync("two-workers", keys, $"{Job}\ndistributed: {{workers: 2}}");

        Assert.Equal(SweepState.Completed, two.State);
        Assert.Equal(one.Changed.Select(Essence), two.Changed.Select(Essence));
    }

    [Fact]
    public async Task Start_SomeTrialsDiverge_AreMarkedWithStepAndLayer()
    {
        SweepProgress end = await RunAsync(
            "diverges",
            ["sampler: grid", "trials: 4"],
            Job,
            "space: {optimizer.learning_rate: {choice: [0.01, 1e30, 0.1, 1e25]}, optimizer.name: {choice: [sgd]}}");

        Assert.Equal(SweepState.Completed, end.State);
        TrialRow[] diverged = [.. end.Changed.Where(row => row.State == TrialState.Diverged)];
        Assert.Equal(2, diverged.Length);
        Assert.All(diverged, row => Assert.Matches("^Step [0-9]+ \\(epoch [0-9]+\\): (loss|layers)", row.Error));
    }

    [Fact]
    public async Task Start_AllTrialsDiverge_Fails()
    {
        SweepProgress end = await RunAsync(
            "all-diverge",
            ["sampler: grid", "trials: 2"],
            Job,
            "space: {optimizer.learning_rate: {choice: [1e30, 1e25]}, optimizer.name: {choice: [sgd]}}");

        Assert.Equal(SweepState.Failed, end.State);
        Assert.StartsWith("None of 2 trials completed.", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_ThenStart_GoesOn()
    {
        ISweepGrain sweep = await StartAsync("paused", ["sampler: random", "trials: 40", "parallel: 1"], Job, Space);
        SweepProgress progress = await sweep.WatchAsync(0);
        while (progress.Changed.Length < 2)
        {
            progress = await sweep.WatchAsync(0);
        }

        await sweep.PauseAsync();
        SweepState paused = (await sweep.WatchAsync(0)).State;
        await sweep.ExtendAsync(12);
        await sweep.StartAsync(Submission("paused", ["sampler: random", "trials: 40"], Job, Space));
        SweepProgress end = await EndAsync(sweep);

        Assert.Equal(SweepState.Paused, paused);
        Assert.Equal(SweepState.Completed, end.State);
        Assert.InRange(end.Changed.Length, 12, 40);
    }

    [Fact]
    public async Task Pause_TrialsThatWaitForOthers_EndsWithTheTableOfAnUndisturbedSweep()
    {
        string[] keys =
            ["sampler: random", "trials: 16", "parallel: 1", "scheduler: {name: successive_halving, eta: 2}"];
        string job = Job.Replace("batch_size: 100", "batch_size: 2", StringComparison.Ordinal)
            .Replace("{patience: 2}", "null", StringComparison.Ordinal);
        SweepProgress whole = await EndAsync(await StartAsync("undisturbed", keys, job, Space));
        ISweepGrain sweep = await StartAsync("interrupted", keys, job, Space);
        SweepProgress progress = await sweep.WatchAsync(0);
        while (progress.Changed.Length < 6)
        {
            progress = await sweep.WatchAsync(0);
        }

        await sweep.PauseAsync();
        while (progress.Changed.Any(row => row.State == TrialState.Running))
        {
            Stop.ThrowIfCancellationRequested();
            await sweep.WatchAsync(progress.Sequence);
            progress = await sweep.WatchAsync(0);
        }

        await sweep.StartAsync(Submission("interrupted", keys, job, Space));
        SweepProgress end = await EndAsync(sweep);

        Assert.Equal(SweepState.Paused, progress.State);
        Assert.All(progress.Changed, row => Assert.Equal(TrialState.Paused, row.State));
        Assert.Equal(whole.Changed.Select(Essence), end.Changed.Select(Essence));
    }

    [Fact]
    public async Task Pause_BeforeTheFirstTrial_IsNotLost()
    {
        string[] keys = ["sampler: random", "trials: 3"];
        ISweepGrain sweep = await StartAsync("early", keys, Job, Space);
        await sweep.PauseAsync();
        await sweep.ExtendAsync(2);
        SweepProgress paused = await sweep.WatchAsync((await sweep.WatchAsync(0)).Sequence);

        await sweep.StartAsync(Submission("early", keys, Job, Space));
        SweepProgress end = await EndAsync(sweep);

        Assert.Equal(SweepState.Paused, paused.State);
        Assert.Equal(2, end.Trials);
    }

    [Fact]
    public async Task Start_PopulationOfWhichSomeHaveCompleted_EndsWithAllCompleted()
    {
        string[] keys = ["sampler: random", "trials: 6", "scheduler: {name: pbt, population: 6, quantile: 0.5}"];
        string job = Job.Replace("{patience: 2}", "null", StringComparison.Ordinal);
        SweepProgress whole = await RunAsync("population", keys, job);
        string folder = Path.Combine(cluster.Folder, "population-left");
        Directory.CreateDirectory(folder);
        IEnumerable<TrialRow> kept = whole.Changed.OrderBy(row => row.Value).Take(3);
        await File.WriteAllTextAsync(
            Path.Combine(folder, TrialTable.FileName),
            string.Concat(kept.Select(row => TrialTable.ToLine(row) + "\n")),
            Stop);

        SweepProgress end = await RunAsync("population-left", keys, job);

        Assert.Null(end.Error);
        Assert.All(end.Changed, row => Assert.Equal(TrialState.Completed, row.State));
    }

    [Fact]
    public async Task Start_CancelledTrialsOverTwoWorkers_RunAgain()
    {
        string[] keys = ["metric: validation.loss", "sampler: random", "trials: 3", "parallel: 2"];
        string job = Job.Replace("epochs: 4", "epochs: 60", StringComparison.Ordinal)
            .Replace("{patience: 2}", "null", StringComparison.Ordinal) + "\ndistributed: {workers: 2}";
        ISweepGrain sweep = await StartAsync("jobs", keys, job, Space);
        string trials = Path.Combine(cluster.Folder, "jobs", "trials");
        while (!Directory.Exists(trials))
        {
            await sweep.WatchAsync((await sweep.WatchAsync(0)).Sequence);
        }

        await sweep.CancelAsync();
        SweepProgress cancelled = await EndAsync(sweep);
        await sweep.StartAsync(Submission("jobs", keys, job, Space));
        SweepProgress end = await EndAsync(sweep);

        Assert.Equal(SweepState.Cancelled, cancelled.State);
        Assert.Equal(SweepState.Completed, end.State);
        Assert.All(end.Changed, row => Assert.Equal((TrialState.Completed, null), (row.State, row.Error)));
    }

    [Fact]
    public async Task Start_HoleForWhichAnEditedSpaceHasNoPoint_Ends()
    {
        string[] keys = ["sampler: random", "trials: 4"];
        SweepProgress whole = await RunAsync("wide", keys);
        string folder = Path.Combine(cluster.Folder, "narrow");
        Directory.CreateDirectory(folder);
        TrialRow[] kept = [whole.Changed[0], whole.Changed[3]];
        await File.WriteAllTextAsync(
            Path.Combine(folder, TrialTable.FileName),
            string.Concat(kept.Select(row => TrialTable.ToLine(row) + "\n")),
            Stop);

        SweepProgress end = await RunAsync("narrow", keys, Job, "space: {model.activation: {choice: [relu]}}");

        Assert.Equal(SweepState.Completed, end.State);
        Assert.Equal([0, 1, 3], end.Changed.Select(row => row.Number));
    }

    [Fact]
    public async Task Start_Ended_SummaryHasTheBestTrialsValuesAsJson()
    {
        SweepProgress end = await RunAsync("summary", "trials: 2");

        JsonElement parameters = JsonDocument.Parse(end.Summary!).RootElement.GetProperty("best")
            .GetProperty("parameters");
        Assert.Equal(JsonValueKind.Number, parameters.GetProperty("optimizer.learning_rate").ValueKind);
        Assert.Equal(JsonValueKind.Array, parameters.GetProperty("model.hidden").ValueKind);
        Assert.Equal(JsonValueKind.String, parameters.GetProperty("optimizer.name").ValueKind);
    }

    [Fact]
    public async Task Cancel_Running_KeepsWhatHasEnded()
    {
        ISweepGrain sweep = await StartAsync("cancelled", ["sampler: random", "trials: 5000"], Job, Space);
        SweepProgress progress = await sweep.WatchAsync(0);
        while (!progress.Changed.Any(row => row.State == TrialState.Completed))
        {
            progress = await sweep.WatchAsync(0);
        }

        await sweep.CancelAsync();
        SweepProgress end = await EndAsync(sweep);

        Assert.Equal(SweepState.Cancelled, end.State);
        Assert.NotEmpty(TrialTable.Read(Path.Combine(cluster.Folder, "cancelled")));
    }

    [Theory]
    [InlineData("budget: {epochs: 9}")]
    [InlineData("target: 0.5")]
    public async Task Start_Limit_StartsNoMoreTrials(string limit)
    {
        SweepProgress end = await RunAsync(
            $"limit-{limit.Length}", "sampler: random", "metric: validation.accuracy", "trials: 500", limit);

        Assert.Equal(SweepState.Completed, end.State);
        Assert.InRange(end.Changed.Length, 1, 60);
    }

    // What does not depend on silo and time.
    private static string Essence(TrialRow row) =>
        $"{row.Number} {row.State} {row.Value:R} {string.Join(',', row.Parameters)} {string.Join(',', row.Curve)}";

    private Task<SweepProgress> RunAsync(string id, params string[] keys) => RunAsync(id, keys, Job);

    private async Task<SweepProgress> RunAsync(string id, string[] keys, string job, string space = Space) =>
        await EndAsync(await StartAsync(id, keys, job, space));

    private async Task<ISweepGrain> StartAsync(string id, string[] keys, string job, string space)
    {
        ISweepGrain sweep = cluster.Grains.GetGrain<ISweepGrain>(id);
        await sweep.StartAsync(Submission(id, keys, job, space));
        return sweep;
    }

    private SweepSubmission Submission(string id, string[] keys, string job, string space)
    {
        string folder = Path.Combine(cluster.Folder, id);
        Directory.CreateDirectory(folder);
        string section = string.Concat(keys.Append(space).Select(key => $"\n  {key.ReplaceLineEndings("\n  ")}"));
        var text = new SweepText(
            $"{job}\nsweep:{section}\n", $"{id}.yaml", [], ImmutableDictionary<string, string>.Empty);
        (_, DataPlan data) = cluster.Resolve(job);
        return new SweepSubmission(id, text, data.ToJson(), folder, 2, null);
    }

    private static async Task<SweepProgress> EndAsync(ISweepGrain sweep)
    {
        SweepProgress progress = await sweep.WatchAsync(0);
        while (progress.Summary is null)
        {
            Stop.ThrowIfCancellationRequested();
            progress = await sweep.WatchAsync(progress.Sequence);
        }

        return await sweep.WatchAsync(0);
    }
}
