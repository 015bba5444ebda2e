using System.Diagnostics;
using System.Text.Json;

using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Spaces;

using Xunit;

namespace Trainer.Sweeps;

/// <summary>
/// Figures for tests/nightly/sweep-samplers, which compares them with Optuna's. Not part of a plain test run.
/// </summary>
public sealed class SamplerFigures
{
    private const int Seeds = 20;
    private const int Trials = 100;

    private static readonly Dictionary<string, Func<SearchSpace, ulong, ISampler>> Makers = new()
    {
        ["random"] = (space, seed) => new RandomSampler(space, seed),
        ["tpe"] = (space, seed) => new TpeSampler(space, Goal.Minimize, seed),
        ["tpe-multivariate"] = (space, seed) =>
            new TpeSampler(space, Goal.Minimize, seed, new TpeOptions { IsMultivariate = true }),
        ["gp"] = (space, seed) => new GaussianProcessSampler(space, Goal.Minimize, seed),
        ["cmaes"] = (space, seed) => new CmaEsSampler(space, Goal.Minimize, seed),
    };

    [Fact(Explicit = true)]
    public void Write_BestValues_ToTheFileOfTrainerSweepFigures()
    {
        string file = Environment.GetEnvironmentVariable("TRAINER_SWEEP_FIGURES")
            ?? throw new InvalidOperationException("TRAINER_SWEEP_FIGURES is not set; name the file to write.");
        var best = Makers.Keys.ToDictionary(name => name, name =>
            new[] { "sphere", "branin", "hartmann6" }.ToDictionary(function => function, function =>
                Enumerable.Range(0, Seeds).Select(seed => BestAfter(name, function, (ulong)seed)).ToArray()));

        File.WriteAllText(file, JsonSerializer.Serialize(new { best, milliseconds = Milliseconds() }));

        Assert.True(new FileInfo(file).Length > 0);
    }

    private static double[] BestAfter(string name, string function, ulong seed)
    {
        (SearchSpace space, Func<ParameterSet, double> value) = TestFunctions.Named(function);
        double[] best = TestFunctions.Minimize(Makers[name](space, seed), value, Trials);
        return [best[(Trials / 2) - 1], best[^1]];
    }

    // Fastest of 100 proposals in 10 dimensions, real, whole and choice.
    private static Dictionary<string, double> Milliseconds()
    {
        var space = new SearchSpace([
            .. Enumerable.Range(0, 4).Select(i => Dimension.Uniform($"u{i}", 0, 1)),
            .. Enumerable.Range(0, 2).Select(i => Dimension.LogUniform($"l{i}", 1e-5, 1)),
            .. Enumerable.Range(0, 2).Select(i => Dimension.Int($"i{i}", 1, 64)),
            .. Enumerable.Range(0, 2).Select(i => Dimension.Choice($"c{i}", ["a", "b", "c"])),
        ]);
        var random = new RandomSampler(space, 1);
        Trial[] history = [.. Enumerable.Range(0, 200).Select(i =>
        {
            ParameterSet point = random.Propose([], i)!;
            return new Trial(i, point, TrialState.Completed, point[0] + (point[1] * point[2]) + (point[6] / 64), []);
        })];
        return Makers.ToDictionary(pair => pair.Key, pair =>
        {
            ISampler sampler = pair.Value(space, 3);
            Trial[] known = pair.Key == "gp" ? history[..100] : history;
            double fastest = double.PositiveInfinity;
            for (int number = 200; number < 300; number++)
            {
                long start = Stopwatch.GetTimestamp();
                sampler.Propose(known, number);
                fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return fastest;
        });
    }
}
