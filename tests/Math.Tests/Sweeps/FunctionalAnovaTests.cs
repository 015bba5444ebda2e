using Trainer.Sweeps.Importance;
using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

public sealed class FunctionalAnovaTests
{
    private static readonly SearchSpace Space = new(
        Dimension.Uniform("large", 0, 1), Dimension.Uniform("small", 0, 1), Dimension.Choice("none", ["a", "b"]));

    [Fact]
    public void Of_LinearFunction_GivesTheSharesOfVariance()
    {
        // Variances 9/12 and 1/12: shares 0.9 and 0.1.
        IReadOnlyList<ParameterImportance> importance =
            FunctionalAnova.Of(Space, Trials(400, point => (3 * point[0]) + point[1]), 1);

        Assert.Equal(["large", "small", "none"], importance.Select(parameter => parameter.Path));
        Assert.InRange(importance[0].Mean, 0.84, 0.94);
        Assert.InRange(importance[1].Mean, 0.05, 0.15);
        Assert.InRange(importance[2].Mean, 0, 0.02);
        Assert.All(importance, parameter => Assert.InRange(parameter.Deviation, 0, 0.05));
    }

    [Fact]
    public void Of_PureInteraction_LeavesMostToNoParameterAlone()
    {
        // (x - 1/2)(y - 1/2) has no main effects.
        IReadOnlyList<ParameterImportance> importance =
            FunctionalAnova.Of(Space, Trials(400, point => (point[0] - 0.5) * (point[1] - 0.5)), 1);

        Assert.InRange(importance.Sum(parameter => parameter.Mean), 0, 0.4);
    }

    [Fact]
    public void Of_SameSeed_GivesTheSameNumbers()
    {
        Trial[] trials = Trials(50, point => point[0] * point[1]);

        Assert.Equal(FunctionalAnova.Of(Space, trials, 4), FunctionalAnova.Of(Space, trials, 4));
        Assert.NotEqual(FunctionalAnova.Of(Space, trials, 4), FunctionalAnova.Of(Space, trials, 5));
    }

    [Fact]
    public void Of_TooFewOrEqualValues_IsEmpty()
    {
        Assert.Empty(FunctionalAnova.Of(Space, Trials(3, point => point[0]), 1));
        Assert.Empty(FunctionalAnova.Of(Space, Trials(30, _ => 1), 1));
    }

    [Fact]
    public void Of_TrialsThatDidNotComplete_AreLeftOut()
    {
        Trial[] trials = Trials(30, point => point[0]);
        IEnumerable<Trial> others =
            Trials(20, point => -100 * point[1]).Select(trial => trial with { State = TrialState.Pruned });

        Assert.Equal(FunctionalAnova.Of(Space, trials, 1), FunctionalAnova.Of(Space, [.. trials, .. others], 1));
    }

    private static Trial[] Trials(int count, Func<ParameterSet, double> value)
    {
        var sampler = new RandomSampler(Space, 2);
        return [.. Enumerable.Range(0, count).Select(i => sampler.Propose([], i)!)
            .Select((point, i) => new Trial(i, point, TrialState.Completed, value(point), []))];
    }
}
