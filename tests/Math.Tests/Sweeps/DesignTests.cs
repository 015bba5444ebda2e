using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

/// <summary>What the designs (Latin hypercube, Sobol, grid) promise about their points.</summary>
public sealed class DesignTests
{
    [Fact]
    public void LatinHypercube_EachSlice_HoldsOnePoint()
    {
        SearchSpace space = Cube(5);
        var sampler = new LatinHypercubeSampler(space, 3, 20);

        foreach (int design in new[] { 0, 1 })
        {
            ParameterSet[] points = [.. Enumerable.Range(design * 20, 20).Select(i => sampler.Propose([], i)!)];
            for (int d = 0; d < 5; d++)
            {
                Assert.Equal(Enumerable.Range(0, 20), points.Select(point => (int)(point[d] * 20)).Order());
            }
        }
    }

    [Fact]
    public void LatinHypercube_Dimensions_ArePermutedDifferently()
    {
        var sampler = new LatinHypercubeSampler(Cube(2), 3, 50);

        double[][] points = [.. Enumerable.Range(0, 50).Select(i => sampler.Propose([], i)!.Values.ToArray())];

        double correlation = points.Sum(point => (point[0] - 0.5) * (point[1] - 0.5)) / 50 * 12;
        Assert.InRange(correlation, -0.5, 0.5);
    }

    // 64 points: every dimension has one point in each 64th, every pair of the first ones one in each 8 x 8 cell.
    [Theory]
    [InlineData(0UL)]
    [InlineData(9UL)]
    public void Sobol_PowerOfTwo_IsBalanced(ulong seed)
    {
        var sampler = new SobolSampler(Cube(SobolDirections.Dimensions), seed);

        ParameterSet[] points = [.. Enumerable.Range(0, 64).Select(i => sampler.Propose([], i)!)];

        for (int d = 0; d < SobolDirections.Dimensions; d++)
        {
            Assert.Equal(Enumerable.Range(0, 64), points.Select(point => (int)(point[d] * 64)).Order());
        }

        Assert.Equal(64, points.Select(point => ((int)(point[0] * 8), (int)(point[1] * 8))).Distinct().Count());
    }

    // By hand from the recurrence: m = 1, 3, 5 of x + 1; 1, 3, 3 of x^2 + x + 1; 1, 3, 1 of x^3 + x + 1.
    [Fact]
    public void SobolDirections_FirstNumbers_AreJoeAndKuos()
    {
        uint[][] directions = [.. Enumerable.Range(0, 4).Select(SobolDirections.Of)];

        Assert.Equal([0.5, 0.25, 0.125], Fractions(directions[0]));
        Assert.Equal([0.5, 0.75, 0.625], Fractions(directions[1]));
        Assert.Equal([0.5, 0.75, 0.375], Fractions(directions[2]));
        Assert.Equal([0.5, 0.75, 0.125], Fractions(directions[3]));

        static IEnumerable<double> Fractions(uint[] numbers) => numbers.Take(3).Select(number => number / 4294967296.0);
    }

    [Fact]
    public void Sobol_TooManyDimensions_SaysWhatToTake()
    {
        SearchSpaceException error = Assert.Throws<SearchSpaceException>(() => new SobolSampler(Cube(65), 1));

        Assert.Equal(
            "The search space has 65 dimensions; sobol has at most 64; take 'latin_hypercube' or 'random'.",
            error.Message);
    }

    [Fact]
    public void Grid_Points_ComeInOrderWithTheLastDimensionFastest()
    {
        var space = new SearchSpace(Dimension.Choice("c", ["a", "b"]), Dimension.LogUniform("x", 0.01, 1));
        var sampler = new GridSampler(space, 3);
        var history = new List<Trial>();

        while (sampler.Propose(history, history.Count) is { } point)
        {
            history.Add(Trial.Started(history.Count, point));
        }

        double[][] expected = [[0, 0.01], [0, 0.1], [0, 1], [1, 0.01], [1, 0.1], [1, 1]];
        Assert.Equal(expected.Length, history.Count);
        Assert.All(history, trial => Assert.Equal(expected[trial.Number][1], trial.Parameters[1], 1e-12));
        Assert.All(history, trial => Assert.Equal(expected[trial.Number][0], trial.Parameters[0]));
    }

    private static SearchSpace Cube(int dimensions) =>
        new([.. Enumerable.Range(0, dimensions).Select(i => Dimension.Uniform($"x{i}", 0, 1))]);
}
