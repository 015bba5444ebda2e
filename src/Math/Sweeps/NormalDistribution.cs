using Trainer.Kernels;

namespace Trainer.Sweeps;

/// <summary>The standard normal distribution in binary64, the same bits on every machine.</summary>
internal static class NormalDistribution
{
    private const double InverseRootOfTwoPi = 0.39894228040143267794;

    private static readonly double[] UpperNumerator =
    [
        3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
        220.206867912376,
    ];

    private static readonly double[] UpperDenominator =
    [
        8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
        793.826512519948, 440.413735824752,
    ];

    private static readonly double[] CentralNumerator =
    [
        2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
        1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080,
    ];

    private static readonly double[] CentralDenominator =
    [
        5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
        5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1,
    ];

    private static readonly double[] MiddleNumerator =
    [
        7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
    ];

    private static readonly double[] MiddleDenominator =
    [
        1.05075007164441684324e-9, 5.4759380849953449460e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.8976733498510000455e-1, 1.67638483018380384940, 2.05319162663775882187, 1,
    ];

    private static readonly double[] FarNumerator =
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
    ];

    private static readonly double[] FarDenominator =
    [
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.84631831751005468180e-5, 7.868691311456132591e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
    ];

    /// <summary>Density.</summary>
    public static double Density(double x) => InverseRootOfTwoPi * Elementary.Exp(-0.5 * x * x);

    /// <summary>P(X &lt;= x), with a relative error below 1e-7, in the lower tail too.</summary>
    /// <remarks>Source: Hart's rational function 5666, as in West, "Better approximations to cumulative normal
    /// functions", 2005.</remarks>
    public static double Cumulative(double x) => x > 0 ? 1 - LowerTail(x) : LowerTail(-x);

    /// <summary>P(a &lt;= X &lt;= b), computed in the tail where both ends lie.</summary>
    public static double Mass(double a, double b) =>
        a > 0 ? LowerTail(a) - LowerTail(b) : Cumulative(b) - Cumulative(a);

    /// <summary>The x with P(X &lt;= x) = p.</summary>
    /// <param name="p">Above 0 and below 1.</param>
    /// <remarks>Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988.</remarks>
    public static double Quantile(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double centre = 0.180625 - (q * q);
            return q * Polynomial(CentralNumerator, centre) / Polynomial(CentralDenominator, centre);
        }

        double r = Math.Sqrt(-Elementary.Log(q < 0 ? p : 1 - p));
        double x = r <= 5
            ? Polynomial(MiddleNumerator, r - 1.6) / Polynomial(MiddleDenominator, r - 1.6)
            : Polynomial(FarNumerator, r - 5) / Polynomial(FarDenominator, r - 5);
        return q < 0 ? -x : x;
    }

    /// <summary>The quantile of a normal variable that is known to lie in [a, b].</summary>
    /// <param name="u">In [0, 1).</param>
    public static double TruncatedQuantile(double u, double a, double b)
    {
        // In the upper tail probabilities near 1 lose their digits: mirror it.
        if (a > 0)
        {
            return -TruncatedQuantile(1 - u, -b, -a);
        }

        double low = Cumulative(a);
        double p = low + (u * (Cumulative(b) - low));
        return p <= 0 ? a : p >= 1 ? b : Math.Clamp(Quantile(p), a, b);
    }

    // P(X <= -x) for x >= 0
    private static double LowerTail(double x)
    {
        if (x > 37)
        {
            return 0;
        }

        double e = Elementary.Exp(-0.5 * x * x);
        return x < 7.07106781186547
            ? e * Polynomial(UpperNumerator, x) / Polynomial(UpperDenominator, x)
            : e * InverseRootOfTwoPi / (x + (1 / (x + (2 / (x + (3 / (x + (4 / (x + 0.65)))))))));
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        double p = coefficients[0];
        for (int i = 1; i < coefficients.Length; i++)
        {
            p = Math.FusedMultiplyAdd(p, x, coefficients[i]);
        }

        return p;
    }
}
