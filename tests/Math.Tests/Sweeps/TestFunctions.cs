using Trainer.Sweeps.Samplers;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps;

/// <summary>Functions with known minima that samplers are compared on.</summary>
internal static class TestFunctions
{
    public static SearchSpace SphereSpace { get; } = Cube(3, -5, 5);

    public static SearchSpace BraninSpace { get; } =
        new(Dimension.Uniform("x", -5, 10), Dimension.Uniform("y", 0, 15));

    public static SearchSpace HartmannSpace { get; } = Cube(6, 0, 1);

    public static (SearchSpace Space, Func<ParameterSet, double> Value) Named(string name) => name switch
    {
        "sphere" => (SphereSpace, Sphere),
        "branin" => (BraninSpace, Branin),
        "hartmann6" => (HartmannSpace, Hartmann),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such function"),
    };

    // Minimum 0 at 0.
    public static double Sphere(ParameterSet x) => x.Values.ToArray().Sum(value => value * value);

    // Minimum 0.397887 at three points.
    public static double Branin(ParameterSet x)
    {
        double valley = x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6;
        return (valley * valley) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10;
    }

    // Minimum -3.32237.
    public static double Hartmann(ParameterSet x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a =
        [
            [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
        ];
        double[][] p =
        [
            [.1312, .1696, .5569, .0124, .8283, .5886], [.2329, .4135, .8307, .3736, .1004, .9991],
            [.2348, .1451, .3522, .2883, .3047, .6650], [.4047, .8828, .8732, .5743, .1091, .0381],
        ];
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            double square = 0;
            for (int j = 0; j < 6; j++)
            {
                square += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
            }

            sum -= alpha[i] * Math.Exp(-square);
        }

        return sum;
    }

    /// <summary>The best value after each trial.</summary>
    public static double[] Minimize(ISampler sampler, Func<ParameterSet, double> function, int trials)
    {
        var history = new List<Trial>();
        double[] best = new double[trials];
        for (int number = 0; number < trials; number++)
        {
            ParameterSet point = sampler.Propose(history, number)!;
            double value = function(point);
            history.Add(new Trial(number, point, TrialState.Completed, value, [value]));
            best[number] = number == 0 ? value : Math.Min(best[number - 1], value);
        }

        return best;
    }

    private static SearchSpace Cube(int dimensions, double low, double high) =>
        new([.. Enumerable.Range(0, dimensions).Select(i => Dimension.Uniform($"x{i}", low, high))]);
}
