using System.Collections.Immutable;

namespace Trainer.Sweeps;

/// <summary>The 95 % confidence interval of a mean of a few values, by Student's t.</summary>
internal static class ConfidenceInterval
{
    private const double Normal = 1.959963984540054;

    // The 97.5 % quantile of Student's t for 1 to 10 degrees of freedom.
    private static readonly double[] Quantiles =
        [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];

    /// <summary>Half the length of the interval: t s / sqrt(n); null with fewer than two values.</summary>
    /// <param name="values">A value a repeat; what is no number is left out.</param>
    public static double? HalfWidth(ImmutableArray<double> values)
    {
        double[] known = values.IsDefault ? [] : [.. values.Where(double.IsFinite)];
        if (known.Length < 2)
        {
            return null;
        }

        double mean = known.Average();
        double variance = known.Sum(value => (value - mean) * (value - mean)) / (known.Length - 1);
        return Quantile(known.Length - 1) * Math.Sqrt(variance / known.Length);
    }

    /// <summary>The 97.5 % quantile of Student's t.</summary>
    /// <remarks>Above the table: Abramowitz and Stegun, "Handbook of mathematical functions", 26.7.5.</remarks>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    public static double Quantile(int freedom)
    {
        if (freedom <= Quantiles.Length)
        {
            return Quantiles[freedom - 1];
        }

        double z = Normal;
        double z3 = z * z * z;
        double z5 = z3 * z * z;
        double z7 = z5 * z * z;
        double n = freedom;
        return z
            + ((z3 + z) / (4 * n))
            + (((5 * z5) + (16 * z3) + (3 * z)) / (96 * n * n))
            + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * z)) / (384 * n * n * n));
    }
}
