namespace Trainer.Optimizers;

/// <summary>
/// Limited-memory BFGS in double for smooth convex functions, deterministic: plain loops in one order.
/// </summary>
/// <remarks>
/// Source: Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5, with backtracking. For a
/// convex function that is enough: every step has s y > 0 but for rounding, and is not remembered otherwise.
/// </remarks>
internal sealed class Lbfgs
{
    private const int Memory = 20;
    private const int MostHalvings = 20;
    private const double SufficientDecrease = 1e-4;

    private readonly Func<double[], double[], double> _evaluate;
    private readonly List<(double[] Step, double[] Change, double Curvature)> _pairs = [];

    private Lbfgs(Func<double[], double[], double> evaluate) => _evaluate = evaluate;

    /// <summary>Minimises a function.</summary>
    /// <param name="evaluate">
    /// Returns the value at a point (first argument) and writes the gradient (second argument).
    /// </param>
    /// <param name="start">Where to start, shape [n].</param>
    /// <param name="evaluations">Most evaluations, at least 1.</param>
    /// <param name="tolerance">Done when no element of the gradient is larger in magnitude.</param>
    /// <returns>The best point found.</returns>
    public static double[] Minimize(
        Func<double[], double[], double> evaluate, double[] start, int evaluations, double tolerance) =>
        new Lbfgs(evaluate).Run(start, evaluations, tolerance);

    private double[] Run(double[] start, int evaluations, double tolerance)
    {
        double[] point = start;
        double[] gradient = new double[point.Length];
        double value = _evaluate(point, gradient);
        int left = evaluations - 1;
        while (left > 0 && Largest(gradient) > tolerance)
        {
            double[] direction = Direction(gradient);
            double slope = Dot(direction, gradient);
            double step = _pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1;
            double[] next = new double[point.Length];
            double[] nextGradient = new double[point.Length];
            double nextValue = double.NaN;
            int halvings = 0;
            for (; left > 0 && halvings < MostHalvings; halvings++, step /= 2)
            {
                for (int i = 0; i < next.Length; i++)
                {
                    next[i] = point[i] + (step * direction[i]);
                }

                nextValue = _evaluate(next, nextGradient);
                left--;
                if (nextValue <= value + (SufficientDecrease * step * slope))
                {
                    break;
                }
            }

            // Nothing smaller along a descent direction: at the limit of double, or out of evaluations.
            if (!(nextValue < value))
            {
                break;
            }

            Remember(point, next, gradient, nextGradient);
            (point, gradient, value) = (next, nextGradient, nextValue);
        }

        return point;
    }

    // -H g by the two loops over the remembered pairs.
    private double[] Direction(double[] gradient)
    {
        double[] direction = [.. gradient];
        double[] factors = new double[_pairs.Count];
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            (double[] step, double[] change, double curvature) = _pairs[k];
            factors[k] = Dot(step, direction) / curvature;
            AddScaled(-factors[k], change, direction);
        }

        if (_pairs.Count > 0)
        {
            (_, double[] change, double curvature) = _pairs[^1];
            double scale = curvature / Dot(change, change);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int k = 0; k < _pairs.Count; k++)
        {
            (double[] step, double[] change, double curvature) = _pairs[k];
            AddScaled(factors[k] - (Dot(change, direction) / curvature), step, direction);
        }

        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = -direction[i];
        }

        return direction;
    }

    private void Remember(double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] step = new double[point.Length];
        double[] change = new double[point.Length];
        for (int i = 0; i < step.Length; i++)
        {
            step[i] = next[i] - point[i];
            change[i] = nextGradient[i] - gradient[i];
        }

        double curvature = Dot(step, change);
        if (!(curvature > 1e-300))
        {
            return;
        }

        if (_pairs.Count == Memory)
        {
            _pairs.RemoveAt(0);
        }

        _pairs.Add((step, change, curvature));
    }

    private static double Largest(double[] values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(double alpha, double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] += alpha * x[i];
        }
    }
}
