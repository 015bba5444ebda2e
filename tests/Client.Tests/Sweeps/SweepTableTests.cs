using Trainer.Grains;

using Xunit;

namespace Trainer.Sweeps;

public sealed class SweepTableTests
{
    [Fact]
    public void Ranked_Maximize_BestFirstThenWhatDidNotComplete() => Assert.Equal(
        [1, 5, 0, 2, 3, 4],
        new SweepTable(Goal.Maximize, TrialRows.Six()).Ranked().Select(trial => trial.Number));

    [Fact]
    public void Best_EqualValues_FirstOne() =>
        Assert.Equal(1, new SweepTable(Goal.Maximize, TrialRows.Six()).Best?.Number);

    [Fact]
    public void Best_Minimize_SmallestCompleted() =>
        Assert.Equal(2, new SweepTable(Goal.Minimize, TrialRows.Six()).Best?.Number);

    [Fact]
    public void Put_NewerState_Replaces()
    {
        var table = new SweepTable(Goal.Maximize, TrialRows.Six());

        table.Put(TrialRows.Completed(4, 0.99, 0.1, 8));

        Assert.Equal((6, 4), (table.Trials.Count, table.Best?.Number));
    }

    // scipy.stats.t.ppf(0.975, n)
    [Theory]
    [InlineData(1, 12.7062)]
    [InlineData(2, 4.3027)]
    [InlineData(10, 2.2281)]
    [InlineData(11, 2.2010)]
    [InlineData(30, 2.0423)]
    [InlineData(100, 1.9840)]
    public void Quantile_Freedom_IsStudents(int freedom, double expected) =>
        Assert.Equal(expected, ConfidenceInterval.Quantile(freedom), 2e-4);

    // mean 0.9, s = 0.02: 4.3027 * 0.02 / sqrt(3)
    [Fact]
    public void HalfWidth_ThreeValues_StudentsInterval() =>
        Assert.Equal(0.04968, ConfidenceInterval.HalfWidth([0.88, 0.90, 0.92])!.Value, 1e-5);

    [Fact]
    public void HalfWidth_OneValueOrNone_Unknown()
    {
        Assert.Null(ConfidenceInterval.HalfWidth([0.5]));
        Assert.Null(ConfidenceInterval.HalfWidth([0.5, double.NaN]));
        Assert.Null(ConfidenceInterval.HalfWidth(default));
    }

    [Fact]
    public void DepthTable_Trials_MeanAndBestByDepthAndWidth()
    {
        string[] lines = [.. DepthTable.Of(new SweepTable(Goal.Maximize, TrialRows.Six()))!.Lines("accuracy")];

        Assert.Equal(
            [
                "accuracy by depth and width of the widest layer: mean / best",
                "layers          width 8         width 16",
                "1       0.8500 / 0.9000  0.9000 / 0.9000",
                "2                     -  0.7000 / 0.7000",
            ],
            lines);
    }

    [Fact]
    public void DepthTable_ManyWidths_PowersOfTwo()
    {
        TrialRow[] rows = [.. Enumerable.Range(1, 40).Select(width => TrialRows.Completed(width, width, 0.01, width))];

        DepthTable table = DepthTable.Of(new SweepTable(Goal.Minimize, rows))!;

        Assert.Equal(["1", "2", "3-4", "5-8", "9-16", "17-32", "33-64"], table.Widths);
        Assert.Equal(new DepthCell(1, "9-16", 12.5, 9, 8), table.Find(1, "9-16"));
    }

    [Fact]
    public void DepthTable_HiddenLayersNotSearched_None()
    {
        TrialRow row = TrialRows.Completed(0, 0.5, 0.1, 8);

        Assert.Null(DepthTable.Of(new SweepTable(Goal.Maximize, [row with { Parameters = [row.Parameters[0]] }])));
    }
}
