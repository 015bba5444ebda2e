using Trainer.Kernels;
using Trainer.Optimizers;
using Trainer.Training;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// A Gaussian process with zero mean, the Matern 5/2 kernel and a length scale for each dimension:
/// <c>k(r) = s (1 + sqrt(5) r + 5/3 r^2) exp(-sqrt(5) r)</c>, <c>r^2 = sum_d (distance_d / length_d)^2</c>, plus noise.
/// </summary>
/// <remarks>
/// Source: Rasmussen and Williams, "Gaussian processes for machine learning", 2006, chapters 2, 4 and 5. The
/// hyper-parameters maximise the likelihood of the targets times a weak log-normal prior, which keeps few points from
/// choosing extremes.
/// </remarks>
internal sealed class GaussianProcess
{
    private const double RootOfFive = 2.23606797749978969641;
    private const double Jitter = 1e-8;

    // Mean and standard deviation of the priors of log length, log s and log noise.
    private const double LogLengthMean = -0.7;
    private const double LogLengthDeviation = 1;
    private const double LogScaleDeviation = 1;
    private const double LogNoiseMean = -8;
    private const double LogNoiseDeviation = 2;

    private readonly Metric _metric;
    private readonly double[][] _points;
    private readonly double[] _targets;
    private readonly double[] _hyper;
    private readonly double[] _inverseSquares;
    private readonly double _scale;
    private readonly int _stride;
    private readonly double[] _kernel;
    private readonly double[] _half;
    private CholeskyFactor? _factor;
    private double[] _weights = [];

    private GaussianProcess(Metric metric, double[][] points, double[] targets, double[] hyper)
    {
        _metric = metric;
        _points = points;
        _targets = targets;
        _hyper = hyper;
        _inverseSquares = [.. hyper.Take(metric.Dimensions).Select(log => Elementary.Exp(-2 * log))];
        _scale = Elementary.Exp(hyper[^2]);
        _stride = RegressionProducts.Stride(points.Length);
        _kernel = new double[_stride];
        _half = new double[_stride];
    }

    /// <summary>Fits the hyper-parameters to targets of mean 0 and variance about 1.</summary>
    /// <param name="metric">The distances.</param>
    /// <param name="points">Shape [n][d].</param>
    /// <param name="targets">Shape [n].</param>
    /// <param name="evaluations">Most evaluations of the likelihood.</param>
    public static GaussianProcess Fit(Metric metric, double[][] points, double[] targets, int evaluations)
    {
        double[] start = new double[metric.Dimensions + 2];
        Array.Fill(start, LogLengthMean);
        start[^2] = 0;
        start[^1] = LogNoiseMean;
        double[] hyper = Lbfgs.Minimize(
            (at, gradient) => new GaussianProcess(metric, points, targets, [.. at]).Evaluate(gradient),
            start,
            evaluations,
            1e-3);
        return new GaussianProcess(metric, points, targets, hyper).Condition();
    }

    /// <summary>The same process that has seen more points, each with its predicted mean as target.</summary>
    /// <remarks>The "Kriging believer" of Ginsbourger, Le Riche and Carraro, 2010.</remarks>
    /// <param name="points">Points whose targets are not known yet.</param>
    public GaussianProcess Believe(IReadOnlyList<double[]> points)
    {
        if (points.Count == 0)
        {
            return this;
        }

        double[] believed = [.. points.Select(point => Predict(point).Mean)];
        return new GaussianProcess(_metric, [.. _points, .. points], [.. _targets, .. believed], _hyper).Condition();
    }

    /// <summary>Mean and standard deviation of the function at a point, without noise.</summary>
    public (double Mean, double Deviation) Predict(double[] point)
    {
        for (int i = 0; i < _points.Length; i++)
        {
            _kernel[i] = Matern(_metric.Square(point, _points[i], _inverseSquares)).Value;
        }

        double mean = RegressionProducts.Dot(_kernel, _weights);
        _factor!.SolveLower(_kernel, _half);
        double variance = _scale - RegressionProducts.Dot(_half, _half);
        return (mean, Math.Sqrt(Math.Max(variance, 1e-12 * _scale)));
    }

    private GaussianProcess Condition()
    {
        double noise = Elementary.Exp(_hyper[^1]) + (Jitter * _scale);
        for (_factor = Factor(noise); _factor is null; _factor = Factor(noise))
        {
            noise *= 10;
        }

        double[] padded = new double[_stride];
        _targets.CopyTo(padded, 0);
        _weights = _factor.Solve(padded);
        return this;
    }

    private CholeskyFactor? Factor(double noise)
    {
        double[] matrix = new double[_points.Length * _stride];
        for (int i = 0; i < _points.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                matrix[(i * _stride) + j] = Matern(_metric.Square(_points[i], _points[j], _inverseSquares)).Value;
            }

            matrix[(i * _stride) + i] = _scale + noise;
        }

        return CholeskyFactor.Of(matrix, _points.Length);
    }

    // -log likelihood - log prior, and its gradient by the logarithms of the hyper-parameters: with a = K^-1 y,
    // d(-log p)/dh = 1/2 sum_ij (K^-1 - a a^T)_ij (dK/dh)_ij.
    private double Evaluate(double[] gradient)
    {
        double noise = Elementary.Exp(_hyper[^1]);
        if (Factor(noise + (Jitter * _scale)) is not { } factor)
        {
            return double.NaN;
        }

        double[] padded = new double[_stride];
        _targets.CopyTo(padded, 0);
        double[] weights = factor.Solve(padded);
        double[] inverse = factor.Inverse();
        Array.Clear(gradient);
        for (int i = 0; i < _points.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // Each pair stands for two elements of the symmetric matrix.
                double outer = inverse[(j * _stride) + i] - (weights[i] * weights[j]);
                (double value, double slope) = Matern(_metric.Square(_points[i], _points[j], _inverseSquares));
                gradient[^2] += outer * value;
                _metric.AddSquares(outer * slope, _points[i], _points[j], _inverseSquares, gradient);
            }

            double diagonal = 0.5 * (inverse[(i * _stride) + i] - (weights[i] * weights[i]));
            gradient[^2] += diagonal * _scale * (1 + Jitter);
            gradient[^1] += diagonal * noise;
        }

        double fit = RegressionProducts.Dot(padded, weights);
        return (0.5 * (fit + factor.LogDeterminant())) + AddPrior(gradient);
    }

    private double AddPrior(double[] gradient)
    {
        double sum = 0;
        for (int h = 0; h < _hyper.Length; h++)
        {
            (double mean, double deviation) = h < _hyper.Length - 2 ? (LogLengthMean, LogLengthDeviation)
                : h == _hyper.Length - 2 ? (0, LogScaleDeviation) : (LogNoiseMean, LogNoiseDeviation);
            double z = (_hyper[h] - mean) / deviation;
            sum += 0.5 * z * z;
            gradient[h] += z / deviation;
        }

        return sum;
    }

    // k, and the factor of distance_d^2 / length_d^2 in dk / d log length_d.
    private (double Value, double Slope) Matern(double square)
    {
        double r = RootOfFive * Math.Sqrt(square);
        double e = _scale * Elementary.Exp(-r);
        return (e * (1 + r + (r * r / 3)), e * (1 + r) * (5.0 / 3));
    }
}
