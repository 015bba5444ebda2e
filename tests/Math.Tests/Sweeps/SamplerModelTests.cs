using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

/// <summary>The models inside the samplers, against what is known about them.</summary>
public sealed class SamplerModelTests
{
    private static readonly SearchSpace Line = new(Dimension.Uniform("x", 0, 1));

    [Fact]
    public void GaussianProcess_SmoothFunction_InterpolatesAndKnowsWhereItDoesNot()
    {
        double[][] points = [.. Enumerable.Range(0, 9).Select(i => new[] { i / 10.0 })];
        double[] targets = [.. points.Select(point => Math.Sin(6 * point[0]))];

        GaussianProcess process = GaussianProcess.Fit(new Metric(Line), points, targets, 50);

        (double between, double near) = process.Predict([0.35]);
        (_, double far) = process.Predict([1]);
        Assert.Equal(Math.Sin(6 * 0.35), between, 0.02);
        Assert.True(far > 5 * near, $"deviation {near} between points, {far} beyond");
    }

    [Fact]
    public void GaussianProcess_BelievedPoint_KeepsTheMeanAndLosesTheDoubt()
    {
        double[][] points = [.. Enumerable.Range(0, 6).Select(i => new[] { i / 10.0 })];
        GaussianProcess process =
            GaussianProcess.Fit(new Metric(Line), points, [.. points.Select(point => point[0] * 3)], 50);
        (double mean, double deviation) = process.Predict([0.9]);

        (double believedMean, double believedDeviation) = process.Believe([[0.9]]).Predict([0.9]);

        Assert.Equal(mean, believedMean, 0.05);
        Assert.True(believedDeviation < deviation / 2, $"{deviation} became {believedDeviation}");
    }

    [Fact]
    public void CholeskyFactor_Matrix_SolvesAndInverts()
    {
        const int Size = 5;
        double[] matrix = new double[Size * 8];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                matrix[(i * 8) + j] = (1.0 / (1 + Math.Abs(i - j))) + (i == j ? 1 : 0);
            }
        }

        CholeskyFactor factor = CholeskyFactor.Of([.. matrix], Size)!;

        double[] x = factor.Solve([1, 2, 3, 4, 5, 0, 0, 0]);
        double[] inverse = factor.Inverse();
        for (int i = 0; i < Size; i++)
        {
            Assert.Equal(i + 1, Enumerable.Range(0, Size).Sum(j => matrix[(i * 8) + j] * x[j]), 1e-12);
            double[] row = [.. Enumerable.Range(0, Size).Select(k => Enumerable.Range(0, Size)
                .Sum(j => matrix[(i * 8) + j] * inverse[(Math.Min(j, k) * 8) + Math.Max(j, k)]))];
            Assert.All(row.Index(), item => Assert.Equal(item.Index == i ? 1 : 0, item.Item, 1e-12));
        }
    }

    [Fact]
    public void CholeskyFactor_Indefinite_IsNull() => Assert.Null(CholeskyFactor.Of([1, 0, 0, 0, 2, 1, 0, 0], 2));

    [Fact]
    public void SymmetricEigen_Matrix_IsRebuilt()
    {
        double[,] matrix = { { 4, 1, -2 }, { 1, 3, 0.5 }, { -2, 0.5, 1.5 } };

        (double[] values, double[,] vectors) = SymmetricEigen.Decompose(matrix);

        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double element = 0;
                double product = 0;
                for (int k = 0; k < 3; k++)
                {
                    element += vectors[i, k] * values[k] * vectors[j, k];
                    product += vectors[i, k] * vectors[j, k];
                }

                Assert.Equal(matrix[i, j], element, 1e-12);
                Assert.Equal(i == j ? 1 : 0, product, 1e-12);
            }
        }
    }

    [Fact]
    public void CmaEs_TurnedEllipsoid_ConvergesToTheOptimum()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 4).Select(i => Dimension.Uniform($"x{i}", 0, 1))]);

        double[] best = TestFunctions.Minimize(new CmaEsSampler(space, Goal.Minimize, 2), Ellipsoid, 600);

        Assert.InRange(best[^1], 0, 1e-6);

        // Condition 100, axes turned by Walsh functions.
        static double Ellipsoid(ParameterSet x)
        {
            double[] v = [x[0] - 0.3, x[1] - 0.6, x[2] - 0.45, x[3] - 0.7];
            double[] turned =
            [
                v[0] + v[1] + v[2] + v[3],
                v[0] - v[1] + v[2] - v[3],
                v[0] + v[1] - v[2] - v[3],
                v[0] - v[1] - v[2] + v[3],
            ];
            return turned.Select((value, i) => value * value * Math.Pow(100, i / 3.0) / 4).Sum();
        }
    }

    [Fact]
    public void CmaEs_FlatConvergence_RestartsWithALargerPopulation()
    {
        // On a line it converges soon; a restart looks elsewhere.
        var sampler = new CmaEsSampler(Line, Goal.Minimize, 2);
        var history = new List<Trial>();
        for (int number = 0; number < 400; number++)
        {
            ParameterSet point = sampler.Propose(history, number)!;
            history.Add(new Trial(number, point, TrialState.Completed, Math.Abs(point[0] - 0.37), []));
        }

        double[] late = [.. history.Skip(100).Select(trial => Math.Abs(trial.Parameters[0] - 0.37))];
        Assert.Contains(history, trial => trial.Value < 1e-4);
        Assert.Contains(late, distance => distance > 0.1);
    }

    [Fact]
    public void CmaEs_WholeNumbers_DoNotGetStuck()
    {
        var space = new SearchSpace(Dimension.Int("a", 0, 40), Dimension.Int("b", 0, 40), Dimension.Uniform("c", 0, 1));

        double[] best = TestFunctions.Minimize(
            new CmaEsSampler(space, Goal.Minimize, 2),
            x => Math.Abs(x[0] - 33) + Math.Abs(x[1] - 5) + Math.Abs(x[2] - 0.5),
            300);

        Assert.InRange(best[^1], 0, 0.5);
    }

    [Fact]
    public void Tpe_ChoiceAndItsCondition_AreLearned()
    {
        // Only with b does x exist, and only there are values good.
        var space = new SearchSpace(
            Dimension.Choice("c", ["a", "b", "d", "e"]), Dimension.Uniform("x", 0, 1).Where(new Condition("c", [1])));
        foreach (bool isMultivariate in new[] { false, true })
        {
            var options = new TpeOptions { IsMultivariate = isMultivariate };
            var sampler = new TpeSampler(space, Goal.Minimize, 5, options);

            double[] best = TestFunctions.Minimize(sampler, x => x[0] == 1 ? Math.Abs(x[1] - 0.8) : 5, 60);

            Assert.InRange(best[^1], 0, 0.02);
        }
    }

    [Fact]
    public void Tpe_Groups_AreThoseActiveTogether()
    {
        int[][] groups = TpeSampler.Groups(SearchSpaceTests.Mixed);

        Assert.Equal(
            [[0, 1, 2, 3, 4, 7, 8, 9], [5], [10], [11], [6]],
            groups.Select(group => group.Order().ToArray()).ToArray());
    }

    [Fact]
    public void RankedTrials_States_StandInTheirOrder()
    {
        Trial[] history =
        [
            Of(0, TrialState.Diverged, double.NaN, 3), Of(1, TrialState.Pruned, 1, 2), Of(2, TrialState.Pruned, 2, 5),
            Of(3, TrialState.Completed, 9, 9), Of(4, TrialState.Completed, 4, 9), Of(5, TrialState.Failed, 0, 9),
            Of(6, TrialState.Running, 0, 9),
        ];

        RankedTrials ranked = RankedTrials.Of(history, 7, Line, Goal.Minimize, includesRunning: true);

        Assert.Equal(5, ranked.EndedCount);
        int[] order =
            [.. Enumerable.Range(1, 6).Select(n => ranked.Best(n).Except(ranked.Best(n - 1)).Single().Number)];
        Assert.Equal([4, 3, 2, 1, 0, 6], order);
    }

    private static Trial Of(int number, TrialState state, double value, int epochs) =>
        new(number, new ParameterSet([0.5]), state, value, new double[epochs]);
}
