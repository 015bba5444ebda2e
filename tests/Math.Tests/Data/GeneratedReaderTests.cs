using Xunit;

using Trainer.Models;

namespace Trainer.Data;

public sealed class GeneratedReaderTests
{
    [Theory]
    [InlineData(ToyGenerator.Circle, OutputUnit.Sigmoid, 2)]
    [InlineData(ToyGenerator.Xor, OutputUnit.Sigmoid, 2)]
    [InlineData(ToyGenerator.Gauss, OutputUnit.Sigmoid, 2)]
    [InlineData(ToyGenerator.Spiral, OutputUnit.Sigmoid, 2)]
    [InlineData(ToyGenerator.Curve, OutputUnit.Linear, 1)]
    [InlineData(ToyGenerator.Plane, OutputUnit.Linear, 2)]
    public void Create_AnyGenerator_HasItsRowsAndTarget(ToyGenerator generator, OutputUnit output, int inputs)
    {
        DataSource source = new GeneratorSource(generator, 300, 0.1).ToSource();

        DataPlan plan = TempFolder.Plan(TempFolder.Request(source, []));

        Assert.Equal((300, output, inputs), (plan.Rows(DataPart.Train), plan.OutputUnit, plan.Inputs));
        Assert.Equal(TempFolder.Load(plan).Features, TempFolder.Load(DataPlan.FromJson(plan.ToJson())).Features);
    }

    [Fact]
    public void Read_Circle_LabelsPointsByTheirDistance()
    {
        foreach (double[] row in Rows(new GeneratorSource(ToyGenerator.Circle, 501)))
        {
            double distance = Math.Sqrt((row[0] * row[0]) + (row[1] * row[1]));
            Assert.True(row[2] == 1 ? distance < 2.5 : distance is >= 3.5 and <= 5);
        }
    }

    [Fact]
    public void Read_Xor_LabelsPointsByTheirSigns()
    {
        foreach (double[] row in Rows(new GeneratorSource(ToyGenerator.Xor, 501)))
        {
            Assert.Equal(Math.Sign(row[0] * row[1]), row[2]);
            Assert.True(Math.Abs(row[0]) is >= 0.3 and <= 5.3);
        }
    }

    [Fact]
    public void Read_Gauss_HasItsCentersAndVariances()
    {
        double[][] rows = Rows(new GeneratorSource(ToyGenerator.Gauss, 20_000));

        double[] first = [.. rows.Where(row => row[2] == 1).Select(row => row[0])];
        Assert.Equal(10_000, first.Length);
        Assert.Equal(2, first.Average(), 0.05);
        Assert.Equal(0.5, first.Average(value => (value - 2) * (value - 2)), 0.03);
    }

    [Fact]
    public void Read_Spiral_ArmsAreEachOtherTurnedByHalf()
    {
        double[][] rows = Rows(new GeneratorSource(ToyGenerator.Spiral, 200));

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(-rows[i][0], rows[i + 100][0], 1e-12);
            Assert.Equal(-rows[i][1], rows[i + 100][1], 1e-12);
        }
    }

    [Fact]
    public void Read_Plane_IsATenthOfTheSum() => Assert.All(
        Rows(new GeneratorSource(ToyGenerator.Plane, 100)),
        row => Assert.Equal(Math.Clamp((row[0] + row[1]) / 10, -1, 1), row[2]));

    [Fact]
    public void Read_Curve_IsThisFunction() => Assert.All(
        Rows(new GeneratorSource(ToyGenerator.Curve, 100)),
        row => Assert.Equal(Math.Sin(row[0]) + (Math.Sin(2 * row[0]) / 2), row[1], 1e-12));

    [Fact]
    public void Read_OtherSeed_GivesOtherRows() => Assert.NotEqual(
        Rows(new GeneratorSource(Seed: 1)), Rows(new GeneratorSource(Seed: 2)));

    [Fact]
    public void Find_Description_IsTheGenerator()
    {
        var generator = new GeneratorSource(ToyGenerator.Spiral, 10, 0.25, long.MaxValue);

        DataSource source = Catalogue.Find(generator.ToString());

        Assert.Equal("{generator: spiral, rows: 10, noise: 0.25, seed: 9223372036854775807}", source.Name);
        Assert.Equal(generator.ToSource(), source);
    }

    [Theory]
    [InlineData("{generator: moon, rows: 10, noise: 0, seed: 1}")]
    [InlineData("{generator: xor, rows: 0, noise: 0, seed: 1}")]
    [InlineData("{generator: xor, rows: 10, noise: 2, seed: 1}")]
    [InlineData("{generator: xor, rows: 010, noise: 0, seed: 1}")]
    [InlineData("{generator: 1, rows: 10, noise: 0, seed: 1}")]
    [InlineData("digits")]
    public void TryParse_NoDescription_IsFalse(string text) => Assert.False(GeneratorSource.TryParse(text, out _));

    private static double[][] Rows(GeneratorSource generator)
    {
        using var reader = new GeneratedReader(generator.ToSource(), generator);
        List<double[]> rows = [];
        while (reader.Read())
        {
            double[] row = new double[reader.Columns.Length];
            for (int column = 0; column < row.Length; column++)
            {
                reader.Number(column, out row[column]);
            }

            rows.Add(row);
        }

        return [.. rows];
    }
}
