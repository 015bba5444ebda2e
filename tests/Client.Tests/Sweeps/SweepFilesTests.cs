using System.Collections.Immutable;

using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Jobs;
using Trainer.Reporting.Plots;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SweepFilesTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Resolve_IdOrFolder_SameSweep()
    {
        SweepReference sweep = TrialRows.Write(_place, TrialRows.Six());

        Assert.Equal(sweep, SweepReference.Resolve("toy-0001", _place.Home));
        Assert.Equal(sweep, SweepReference.Resolve(sweep.Folder + "/", _place.Home));
    }

    [Fact]
    public void Resolve_Slip_NamesTheNearestId()
    {
        TrialRows.Write(_place, TrialRows.Six());

        CommandException error = Assert.Throws<CommandException>(() => SweepReference.Resolve("toy-001", _place.Home));

        Assert.Equal(
            ("'toy-001' is neither the id of a sweep nor its folder; did you mean 'toy-0001'?", ExitCode.Usage),
            (error.Message, error.Code));
    }

    [Fact]
    public void Record_WrittenAndRead_SameText()
    {
        SweepReference sweep = TrialRows.Write(_place);
        SweepText text = TrialRows.Text with
        {
            Overrides = ["training.epochs=3", "data.source=\"/a b/ü.csv\""],
            Environment = ImmutableDictionary<string, string>.Empty.Add("TRAINER__SEED", "3"),
        };

        new SweepRecord("toy-0001", text, "ab").Write(sweep);

        SweepRecord read = SweepRecord.Read(sweep);
        Assert.Equal(text.Overrides, read.Text.Overrides);
        Assert.Equal(
            (text.Content, "3", "ab"),
            (read.Text.Content, read.Text.Environment["TRAINER__SEED"], read.DataSha256));
    }

    [Fact]
    public void Record_Damaged_SaysSo()
    {
        SweepReference sweep = TrialRows.Write(_place);
        File.WriteAllText(sweep.RecordPath, "{}");

        CommandException error = Assert.Throws<CommandException>(() => SweepRecord.Read(sweep));

        Assert.Contains("cannot be read", error.Message);
    }

    [Fact]
    public void Status_ByFiles_StateTrialsBest()
    {
        SweepReference sweep = TrialRows.Write(_place, TrialRows.Six());

        var status = SweepStatus.Of(sweep.Entry!, _place.Home, Noon);

        Assert.Equal(
            ("completed", 6, 6, new SweepBest(1, 0.9)),
            (status.State, status.Ended, status.Trials, status.Best));
    }

    [Fact]
    public void Status_StateFileOfTheCluster_Counts()
    {
        SweepReference sweep = TrialRows.Write(_place, TrialRows.Six());
        RunEntry entry = sweep.Entry! with { Cluster = "night" };
        new SweepStateFile(entry.Id, "toy", "running", 4, 2, 30, null, entry.Folder)
        {
            Leader = ProcessIdentity.Current,
        }.Write(_place.Home.ClusterSweeps("night"));

        var status = SweepStatus.Of(entry, _place.Home, Noon);

        Assert.Equal(("running", true, 2, 30), (status.State, status.IsUnfinished, status.Ended, status.Trials));
    }

    [Fact]
    public void Status_LeaderEnded_Lost()
    {
        SweepReference sweep = TrialRows.Write(_place, TrialRows.Six());
        RunEntry entry = sweep.Entry! with { Cluster = "night" };
        new SweepStateFile(entry.Id, "toy", "running", 4, 2, 30, null, entry.Folder)
        {
            Leader = ProcessIdentity.Current with { StartTime = 1 },
        }.Write(_place.Home.ClusterSweeps("night"));

        Assert.Equal(SweepStatus.Lost, SweepStatus.Of(entry, _place.Home, Noon).State);
    }

    [Theory]
    [InlineData("training.epochs=3")]
    [InlineData("sweep.metric=validation.loss")]
    [InlineData("sweep.repeats=5")]
    public void Overrides_OfTheJob_AreRefused(string set) => Assert.StartsWith(
        $"'--set {set}' would make", Assert.Throws<CommandException>(() => SweepEdit.Overrides([set], null)).Message);

    [Fact]
    public void Describe_EditedSpace_SaysWhatChanged()
    {
        var before = SweepFile.Parse(TrialRows.Text);
        var after = SweepFile.Parse(TrialRows.Text with
        {
            Overrides =
            [
                .. SweepEdit.Overrides(
                    [
                        "sweep.space.optimizer.learning_rate={log_uniform: [1e-3, 1e-1]}",
                        "sweep.space.model.activation={choice: [relu, tanh]}",
                    ],
                    60),
            ],
        });

        Assert.Equal(
            [
                "sweep.space.model.activation.choice: [\"relu\",\"tanh\"], new",
                "sweep.space.optimizer.learning_rate.log_uniform: [0.0001,0.1] -> [0.001,0.1]",
                "sweep.trials: 6 -> 60",
            ],
            SweepEdit.Describe(before, after));
    }

    [Fact]
    public void Trials_Folder_AreThoseOfTheSpace()
    {
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));

        IReadOnlyList<Trial> trials = sweep.Trials();

        Assert.Equal(6, trials.Count);
        Assert.Equal(0.01234567, trials[1].Parameters[0]);
    }

    [Fact]
    public void Importance_FourCompleted_NamesEveryParameterAndTheMethod()
    {
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));

        string[] lines = [.. SweepImportance.Lines(SweepImportance.Of(sweep))];

        Assert.All(
            sweep.File.Space.Dimensions,
            dimension => Assert.Contains(lines, line => line.StartsWith(dimension.Path, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains(SweepImportance.Method, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("history")]
    [InlineData("parallel")]
    [InlineData("importance")]
    [InlineData("slice")]
    [InlineData("depth")]
    public void Draw_Kind_IsXmlWithoutWhatCannotBeDrawn(string kind)
    {
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()));

        string picture = SweepPlots.Draw(sweep, kind);

        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(picture).Root?.Name.LocalName);
        Assert.DoesNotContain("NaN", picture);
    }

    [Fact]
    public void Draw_NothingCompleted_SaysWhy()
    {
        SweepFolder sweep = SweepFolder.Read(TrialRows.Write(_place, TrialRows.Six()[4]));

        CommandException error = Assert.Throws<CommandException>(() => SweepPlots.Draw(sweep, "history"));

        Assert.Equal("no trial of sweep 'toy-0001' has completed.", error.Message);
    }

    [Fact]
    public void Lines_Status_CountsAndBest() => Assert.Equal(
        "sweep   toy-0001, completed",
        SweepStatusReport.Lines(TrialRows.Write(_place, TrialRows.Six()), live: null, json: false).First());

    [Fact]
    public void List_NoSweep_SaysHowToStartOne() =>
        Assert.Equal(["no sweeps yet; 'trainer sweep FILE' starts one"], SweepList.Lines([], _place.Folder));
}
