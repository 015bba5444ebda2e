using Trainer.Data;
using Trainer.Models;
using Trainer.Preprocessing;

using Xunit;

namespace Trainer.Training;

public sealed class BaselinesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Compute_Regression_HasTheClosedForm()
    {
        // Least squares by hand: y = 0.9 x + 0.9, errors -0.1, -0.2, 0.7, -0.4.
        var rows = new RowSet(4, 1, 1, [0, 1, 2, 3], [1, 2, 2, 4]);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines =
            Baselines.Compute(rows, rows, OutputUnit.Linear, 1, Stop);

        Assert.Equal(["mean", "linear_regression"], baselines.Keys);
        AssertMetrics(baselines["mean"], ("loss", 4.75 / 4), ("mae", 3.5 / 4), ("mse", 4.75 / 4), ("r2", 0));
        AssertMetrics(
            baselines["linear_regression"],
            ("loss", 0.7 / 4), ("mae", 1.4 / 4), ("mse", 0.7 / 4), ("r2", 1 - (0.7 / 4.75)));
    }

    [Fact]
    public void Compute_TwoClasses_HasMajorityAndLogisticRegression()
    {
        var train = new RowSet(4, 1, 1, [0, 1, 2, 3], [0, 1, 1, 1]);
        var test = new RowSet(2, 1, 1, [-5, 5], [0, 1]);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines =
            Baselines.Compute(train, test, OutputUnit.Sigmoid, 1, Stop);

        Assert.Equal(["majority", "logistic_regression"], baselines.Keys);
        double loss = -(Math.Log(0.25) + Math.Log(0.75)) / 2;
        AssertMetrics(
            baselines["majority"],
            ("loss", loss), ("accuracy", 0.5), ("auc", 0.5), ("precision", 0.5), ("recall", 1), ("f1", 2.0 / 3),
            ("pr_auc", 0.5), ("log_loss", loss), ("brier", (0.0625 + 0.5625) / 2), ("calibration_error", 0.25));
        Assert.Equal(1, baselines["logistic_regression"]["accuracy"]);
        Assert.Equal(1, baselines["logistic_regression"]["auc"]);
        Assert.InRange(baselines["logistic_regression"]["loss"], 0, loss);
    }

    [Fact]
    public void Compute_ThreeClasses_HasMajorityAndSoftmaxRegression()
    {
        var rows = new RowSet(6, 1, 1, [-9, -9, -9, 0, 9, 9], [2, 2, 2, 0, 1, 1]);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines =
            Baselines.Compute(rows, rows, OutputUnit.Softmax, 3, Stop);

        double loss = -((3 * Math.Log(3.0 / 6)) + (2 * Math.Log(2.0 / 6)) + Math.Log(1.0 / 6)) / 6;
        AssertMetrics(
            baselines["majority"],
            ("loss", loss), ("accuracy", 0.5), ("precision", 0.5 / 3), ("recall", 1.0 / 3), ("f1", 2.0 / 9),
            ("log_loss", loss), ("brier", 22.0 / 36), ("calibration_error", 0));
        Assert.Equal(1, baselines["logistic_regression"]["accuracy"]);
    }

    [Theory]
    [InlineData(OutputUnit.Sigmoid, 1)]
    [InlineData(OutputUnit.Softmax, 2)]
    public void Compute_ClassOnlyInTheTest_LeavesOutTheInfiniteLoss(OutputUnit unit, int outputs)
    {
        var train = new RowSet(3, 1, 1, [0, 1, 2], [0, 0, 0]);
        var test = new RowSet(2, 1, 1, [0, 1], [0, 1]);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines =
            Baselines.Compute(train, test, unit, outputs, Stop);

        Assert.DoesNotContain("loss", baselines["majority"].Keys);
        Assert.Equal(0.5, baselines["majority"]["accuracy"]);
        Assert.All(baselines["logistic_regression"].Values, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Compute_TwoTargets_FitsEach()
    {
        var rows = new RowSet(3, 1, 2, [0, 1, 2], [1, 6, 3, 4, 5, 2]);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines =
            Baselines.Compute(rows, rows, OutputUnit.Linear, 2, Stop);

        Assert.Equal(0, baselines["linear_regression"]["mse"], 1e-9);
        Assert.Equal(1, baselines["linear_regression"]["r2"], 1e-9);
    }

    [Fact]
    public void Compute_Digits_ReachesWhatLogisticRegressionDoes()
    {
        Assert.True(Catalogue.TryGet("digits", out DataSource? digits));
        var request = new DataRequest(
            digits, [], [], [], [], 0.7, 0.15, 0.15, true, NumericScaling.Standardize, null, 1);
        var plan = DataPlan.Create(request, Stop);
        IReadOnlyDictionary<DataPart, RowSet> rows = plan.Load(
            new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [DataPart.Test] = null }, Stop);

        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> baselines = Baselines.Compute(
            rows[DataPart.Train], rows[DataPart.Test], plan.OutputUnit, plan.Outputs, Stop);

        Assert.InRange(baselines["majority"]["accuracy"], 0.08, 0.12);
        Assert.InRange(baselines["logistic_regression"]["accuracy"], 0.94, 0.99);
    }

    [Fact]
    public void Compute_RowsOfOtherWidth_Throws()
    {
        var train = new RowSet(1, 1, 1, [0], [0]);
        var test = new RowSet(1, 2, 1, [0, 0], [0]);

        Assert.Throws<ArgumentException>(() => Baselines.Compute(train, test, OutputUnit.Linear, 1, Stop));
    }

    private static void AssertMetrics(
        IReadOnlyDictionary<string, double> metrics, params (string Name, double Value)[] expected)
    {
        Assert.Equal(expected.Select(metric => metric.Name), metrics.Keys);
        foreach ((string name, double value) in expected)
        {
            Assert.Equal(value, metrics[name], 1e-6);
        }
    }
}
