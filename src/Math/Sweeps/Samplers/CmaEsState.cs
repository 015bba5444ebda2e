using Trainer.Kernels;

namespace Trainer.Sweeps.Samplers;

/// <summary>The search distribution N(m, sigma^2 C) of CMA-ES, and its update by one generation.</summary>
/// <remarks>
/// Source: Hansen, "The CMA evolution strategy: a tutorial", 2016, with its names and defaults, negative weights
/// included. Points that other distributions gave are shortened as in Hansen, "Injecting external solutions into
/// CMA-ES", 2011.
/// </remarks>
internal sealed class CmaEsState
{
    private const double SmallestDeviation = 1e-6;
    private const double LargestCondition = 1e14;

    private readonly int _n;
    private readonly double[] _weights;
    private readonly double _muEff;
    private readonly double _cc;
    private readonly double _cs;
    private readonly double _c1;
    private readonly double _cmu;
    private readonly double _damping;
    private readonly double _chi;
    private readonly double[] _mean;
    private readonly double[,] _covariance;
    private readonly double[] _pathC;
    private readonly double[] _pathS;
    private double[] _roots;
    private double[,] _basis;
    private int _generation;

    /// <summary>A round distribution.</summary>
    public CmaEsState(double[] mean, double sigma, int population)
    {
        _n = mean.Length;
        _mean = mean;
        Sigma = sigma;
        Population = population;
        double[] raw = [.. Enumerable.Range(1, population)
            .Select(i => Elementary.Log((population + 1) / 2.0) - Elementary.Log(i))];
        int mu = population / 2;
        _muEff = Effective(raw.Take(mu));
        _cc = (4 + (_muEff / _n)) / (_n + 4 + (2 * _muEff / _n));
        _cs = (_muEff + 2) / (_n + _muEff + 5);
        _c1 = 2 / (((_n + 1.3) * (_n + 1.3)) + _muEff);
        _cmu = Math.Min(1 - _c1, 2 * (_muEff - 2 + (1 / _muEff)) / (((_n + 2.0) * (_n + 2.0)) + _muEff));
        _damping = 1 + (2 * Math.Max(0, Math.Sqrt((_muEff - 1) / (_n + 1)) - 1)) + _cs;
        _chi = Math.Sqrt(_n) * (1 - (1 / (4.0 * _n)) + (1 / (21.0 * _n * _n)));
        _weights = Weights(raw, mu);
        _covariance = new double[_n, _n];
        _pathC = new double[_n];
        _pathS = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            _covariance[i, i] = 1;
        }

        (_roots, _basis) = Decompose();
    }

    /// <summary>Points of a generation.</summary>
    public int Population { get; }

    /// <summary>The step size.</summary>
    public double Sigma { get; private set; }

    /// <summary>The centre, shape [n].</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Whether nothing more is to be gained: a restart is due.</summary>
    public bool HasConverged =>
        Sigma * _roots.Max() < SmallestDeviation || Square(_roots.Max() / _roots.Min()) > LargestCondition;

    /// <summary>Standard deviation of a coordinate.</summary>
    public double Deviation(int i) => Sigma * Math.Sqrt(_covariance[i, i]);

    /// <summary>m + sigma B D z.</summary>
    /// <param name="z">Standard normal numbers, shape [n].</param>
    /// <param name="point">Written, shape [n].</param>
    public void Transform(ReadOnlySpan<double> z, Span<double> point)
    {
        for (int i = 0; i < _n; i++)
        {
            double sum = 0;
            for (int k = 0; k < _n; k++)
            {
                sum += _basis[i, k] * _roots[k] * z[k];
            }

            point[i] = _mean[i] + (Sigma * sum);
        }
    }

    /// <summary>Moves the distribution towards the better half of a generation.</summary>
    /// <param name="ranked">Points, the best first, shape [population][n]; NaN where a coordinate says nothing.</param>
    public void Update(IReadOnlyList<double[]> ranked)
    {
        _generation++;
        double[][] steps = [.. ranked.Select(Step)];
        double[] mean = new double[_n];
        for (int k = 0; k < _weights.Length && _weights[k] > 0; k++)
        {
            AddScaled(_weights[k], steps[k], mean);
        }

        AddScaled(Sigma, mean, _mean);
        double[] whitened = Whiten(mean, isRotatedBack: true);
        double keep = 1 - _cs;
        for (int i = 0; i < _n; i++)
        {
            _pathS[i] = (keep * _pathS[i]) + (Math.Sqrt(_cs * (2 - _cs) * _muEff) * whitened[i]);
        }

        double length = Math.Sqrt(_pathS.Sum(Square));
        double decay = 1 - Elementary.Exp(2 * _generation * Elementary.Log(keep));
        bool isMoving = length / Math.Sqrt(decay) < (1.4 + (2.0 / (_n + 1))) * _chi;
        for (int i = 0; i < _n; i++)
        {
            _pathC[i] = ((1 - _cc) * _pathC[i]) + (isMoving ? Math.Sqrt(_cc * (2 - _cc) * _muEff) * mean[i] : 0);
        }

        UpdateCovariance(steps, isMoving);
        Sigma *= Elementary.Exp(Math.Min(1, _cs / _damping * ((length / _chi) - 1)));
        (_roots, _basis) = Decompose();
    }

    private static double Effective(IEnumerable<double> weights) =>
        Square(weights.Sum()) / weights.Sum(Square);

    private static double Square(double x) => x * x;

    private static void AddScaled(double alpha, double[] x, double[] y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += alpha * x[i];
        }
    }

    // Positive weights add up to 1; negative ones are as large as keeps C positive definite.
    private double[] Weights(double[] raw, int mu)
    {
        double positive = raw.Take(mu).Sum();
        double[] negative = [.. raw.Skip(mu).Where(weight => weight < 0)];
        double byLearning = 1 + (_c1 / _cmu);
        double byMass = 1 + (2 * Effective(negative) / (_muEff + 2));
        double byDefinite = (1 - _c1 - _cmu) / (_n * _cmu);
        double total = Math.Min(byLearning, Math.Min(byMass, byDefinite));
        return [.. raw.Select((weight, i) => i < mu ? weight / positive
            : weight < 0 ? total * weight / -negative.Sum() : 0)];
    }

    // y = (x - m) / sigma; silent coordinates do not move.
    private double[] Step(double[] point)
    {
        double[] step = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            step[i] = double.IsNaN(point[i]) ? 0 : (point[i] - _mean[i]) / Sigma;
        }

        double length = Math.Sqrt(Whiten(step, isRotatedBack: false).Sum(Square));
        double longest = Math.Sqrt(_n) + (2.0 * _n / (_n + 2));
        return length <= longest ? step : [.. step.Select(value => value * longest / length)];
    }

    // D^-1 B^T y, or C^-1/2 y = B D^-1 B^T y
    private double[] Whiten(double[] y, bool isRotatedBack)
    {
        double[] half = new double[_n];
        for (int k = 0; k < _n; k++)
        {
            for (int i = 0; i < _n; i++)
            {
                half[k] += _basis[i, k] * y[i];
            }

            half[k] /= _roots[k];
        }

        if (!isRotatedBack)
        {
            return half;
        }

        double[] result = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            for (int k = 0; k < _n; k++)
            {
                result[i] += _basis[i, k] * half[k];
            }
        }

        return result;
    }

    private void UpdateCovariance(double[][] steps, bool isMoving)
    {
        double[] weights = new double[steps.Length];
        for (int k = 0; k < steps.Length; k++)
        {
            double square = _weights[k] < 0 ? Whiten(steps[k], isRotatedBack: false).Sum(Square) : 0;
            weights[k] = _weights[k] < 0 ? _weights[k] * _n / Math.Max(square, 1e-12) : _weights[k];
        }

        double stalled = isMoving ? 0 : _cc * (2 - _cc);
        double keep = 1 + (_c1 * stalled) - _c1 - (_cmu * _weights.Sum());
        for (int i = 0; i < _n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < steps.Length; k++)
                {
                    sum += weights[k] * steps[k][i] * steps[k][j];
                }

                double value = (keep * _covariance[i, j]) + (_c1 * _pathC[i] * _pathC[j]) + (_cmu * sum);
                _covariance[i, j] = value;
                _covariance[j, i] = value;
            }
        }
    }

    private (double[] Roots, double[,] Basis) Decompose()
    {
        (double[] values, double[,] vectors) = SymmetricEigen.Decompose(_covariance);
        return ([.. values.Select(value => Math.Sqrt(Math.Max(value, 1e-20)))], vectors);
    }
}
