using System.Globalization;

using Trainer.Commands;
using Trainer.Data;

using Xunit;

namespace Trainer.Inference;

public sealed class PredictionsTests : IDisposable
{
    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Row_Binary_HasClassAndBothProbabilities()
    {
        Predictions predictions = Predict(SmallModels.Load(_models.Binary()), "x,y\n1,0\n0,1\n", 0.5);

        Assert.Equal(["prediction", "p_no", "p_yes"], predictions.Columns);
        Assert.Equal("yes", predictions.Row(0).First());
        Assert.Equal("no", predictions.Row(1).First());
        double[] probabilities = Numbers(predictions.Row(0).Skip(1));
        Assert.Equal(1 / (1 + Math.Exp(-2)), probabilities[1], 1e-6);
        Assert.Equal(1, probabilities.Sum(), 1e-6);
    }

    [Theory]
    [InlineData(0.5, "yes")] // a logit of 0 is a probability of exactly 0.5
    [InlineData(0.500001, "no")]
    [InlineData(0.499999, "yes")]
    public void Row_ProbabilityAtThreshold_IsPositiveFromThereOn(double threshold, string expected)
    {
        Predictions predictions = Predict(SmallModels.Load(_models.Binary()), "x,y\n0,0\n", threshold);

        Assert.Equal(expected, predictions.Row(0).First());
    }

    [Fact]
    public void Row_ThreeClasses_HasTheMostProbable()
    {
        Predictions predictions = Predict(SmallModels.Load(_models.ThreeClasses()), "x,y\n5,1\n1,5\n-1,-1\n1,1\n", 0.5);

        Assert.Equal(["prediction", "p_a", "p_b,c", "p_d"], predictions.Columns);
        Assert.Equal(["a", "b,c", "d", "a"], Enumerable.Range(0, 4).Select(row => predictions.Row(row).First()));
        Assert.All(Enumerable.Range(0, 4), row => Assert.Equal(1, Numbers(predictions.Row(row).Skip(1)).Sum(), 1e-6));
    }

    [Fact]
    public void Row_SeveralTargets_HasAColumnEach()
    {
        Predictions predictions = Predict(SmallModels.Load(_models.TwoTargets()), "y,x\n-3,2\n", 0.5);

        Assert.Equal(["prediction_u", "prediction_v"], predictions.Columns);
        Assert.Equal(["2.5", "-3"], predictions.Row(0));
    }

    [Fact]
    public void RequireNoClash_ColumnIsThere_NamesIt()
    {
        TrainedModel model = SmallModels.Load(_models.Binary());

        var error = Assert.Throws<CommandException>(
            () => Predictions.RequireNoClash(model, "new.csv", ["x", "p_yes"]));

        Assert.Equal(
            "'new.csv' already has a column 'p_yes', which 'predict' adds; rename or remove it.", error.Message);
    }

    private Predictions Predict(TrainedModel model, string table, double threshold)
    {
        DataSource source = Catalogue.Register(_models.Write("new.csv", table));
        RowSet rows = model.File.Pipeline.Read(source, withTargets: false, TestContext.Current.CancellationToken);
        return new Predictions(model, rows, threshold);
    }

    private static double[] Numbers(IEnumerable<string> texts) =>
        [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
}
