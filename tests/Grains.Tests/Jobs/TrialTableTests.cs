using Trainer.Errors;
using Trainer.Grains;
using Trainer.Sweeps;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Jobs;

public sealed class TrialTableTests : IDisposable
{
    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WrittenLines_SameRows()
    {
        TrialRow[] rows =
        [
            Row(0) with { Values = [0.5, 0.7], Curve = [double.NaN, 0.6], Silo = "silo-1" },
            Row(1) with { State = TrialState.Diverged, Value = double.NaN, Values = [], Error = "NaN at step 3" },
            Row(2) with { State = TrialState.Pruned, From = 1 },
        ];

        SortedDictionary<int, TrialRow> read = Read([.. rows.Select(row => TrialTable.ToLine(row) + "\n")]);

        Assert.Equal(rows.Select(TrialTable.ToLine), read.Values.Select(TrialTable.ToLine));
        Assert.True(double.IsNaN(read[1].Value));
        Assert.True(double.IsNaN(read[0].Curve[0]));
    }

    [Fact]
    public void Read_NoFile_Empty() => Assert.Empty(TrialTable.Read(_folder.Path));

    [Fact]
    public void Read_TornLastLine_IsLeftOut()
    {
        string torn = TrialTable.ToLine(Row(1));

        // Also a line that lacks nothing but its end: what follows could still have been part of it.
        Assert.All(
            Enumerable.Range(0, torn.Length + 1),
            length => Assert.Equal([0], Read(TrialTable.ToLine(Row(0)) + "\n", torn[..length]).Keys));
    }

    [Fact]
    public void Read_LaterLine_ReplacesTheEarlier()
    {
        SortedDictionary<int, TrialRow> read = Read(
            TrialTable.ToLine(Row(0)) + "\n", TrialTable.ToLine(Row(0) with { Value = 0.25 }) + "\n");

        Assert.Equal(0.25, Assert.Single(read).Value.Value);
    }

    [Theory]
    [InlineData("{\"number\":")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"number\":1,\"state\":\"won\"}")]
    [InlineData("")]
    public void Read_DamagedLineInTheMiddle_NamesIt(string line)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Read(TrialTable.ToLine(Row(0)) + "\n", line + "\n", TrialTable.ToLine(Row(1)) + "\n"));

        Assert.EndsWith("trials.jsonl:2: the line is damaged; remove it to run its trial again.", error.Message);
    }

    [Fact]
    public void PointOf_DescribedPoint_IsTheSame()
    {
        var space = new SearchSpace(
            Dimension.LogUniform("optimizer.learning_rate", 1e-4, 1e-1),
            Dimension.Choice("optimizer.name", ["adam", "sgd"]),
            Dimension.Uniform("optimizer.momentum", 0, 0.9).Where(new Condition("optimizer.name", [1])));
        ParameterSet point = space.Decode([0.37, 0.1, 0.5]);

        TrialRow row = Row(0) with { Point = TrialTable.Describe(space, point) };

        Assert.Equal(point, TrialTable.PointOf(row, space));
        Assert.Null(TrialTable.PointOf(row, new SearchSpace(Dimension.Uniform("training.epochs", 0, 1))));
    }

    private static TrialRow Row(int number) => new(
        number,
        TrialState.Completed,
        "silo-0",
        [KeyValuePair.Create("model.hidden", "[8, 16]"), KeyValuePair.Create("model.activation", "relu")],
        [KeyValuePair.Create("model.hidden.layers", "2")],
        10,
        0.6,
        [0.6],
        [0.5, 0.6],
        1.25,
        null,
        null);

    private SortedDictionary<int, TrialRow> Read(params string[] parts)
    {
        _folder.Write(TrialTable.FileName, string.Concat(parts));
        return TrialTable.Read(_folder.Path);
    }
}
