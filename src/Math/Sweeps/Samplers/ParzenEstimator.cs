using Trainer.Kernels;
using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// A mixture over some dimensions: one component a trial, a normal truncated to the unit interval for a number, a
/// smoothed category for a choice; and a broad prior as the last component.
/// </summary>
internal sealed class ParzenEstimator
{
    // Newest trials with full weight; older ones fade linearly.
    private const int FullWeights = 25;

    // Bandwidth of the joint density in Scott's rule, n^(-1/(d+4)).
    private const double JointBandwidth = 0.07;

    private const double Narrowest = 0.01;

    // Of one dimension's density: no kernel is narrower than (n + 2)^-1.1 of n trials.
    private const double ClipPower = 1.1;

    private readonly Dimension[] _dimensions;
    private readonly double[][] _means;
    private readonly double[][] _widths;

    // Logarithms: of the factor before a number's kernel; of the weight of each category but the trial's own.
    private readonly double[][] _logScales;
    private readonly double[] _weights;
    private readonly double[] _logWeights;
    private readonly double[] _terms;

    /// <summary>Fits the mixture to the trials in which the dimensions are active.</summary>
    public ParzenEstimator(SearchSpace space, int[] group, IReadOnlyList<Trial> trials, TpeOptions options)
    {
        Trial[] active = [.. trials.Where(trial => trial.Parameters.IsActive(group[0]))];
        _weights = Weights(active.Length, options.PriorWeight);
        _logWeights = [.. _weights.Select(Elementary.Log)];
        _terms = new double[_weights.Length];
        _dimensions = [.. group.Select(i => space.Dimensions[i])];
        _means = new double[group.Length][];
        _widths = new double[group.Length][];
        _logScales = new double[group.Length][];
        for (int d = 0; d < group.Length; d++)
        {
            double[] values = [.. active.Select(trial => trial.Parameters[group[d]])];
            if (_dimensions[d].Kind == DimensionKind.Choice)
            {
                FitChoice(d, values, options.PriorWeight);
            }
            else
            {
                FitNumber(d, values, options.IsMultivariate);
            }
        }
    }

    /// <summary>Draws a value for each dimension.</summary>
    public void Sample(ref Draws draws, Span<double> values)
    {
        double u = draws.Uniform();
        int component = 0;
        for (; component < _weights.Length - 1 && u >= _weights[component]; component++)
        {
            u -= _weights[component];
        }

        for (int d = 0; d < values.Length; d++)
        {
            Dimension dimension = _dimensions[d];
            double mean = _means[d][component];
            double width = _widths[d][component];
            double uniform = draws.Uniform();
            if (dimension.Kind == DimensionKind.Choice)
            {
                // width: the probability that the trial's own category has beyond that of each other one.
                values[d] = uniform < width ? mean : Math.Min(
                    dimension.High, Math.Floor((uniform - width) / (1 - width) * dimension.Count));
                continue;
            }

            double place = NormalDistribution.TruncatedQuantile(uniform, -mean / width, (1 - mean) / width);
            values[d] = dimension.Decode(mean + (width * place));
        }
    }

    /// <summary>Logarithm of the density (of discrete values: of the probability) at a point.</summary>
    public double LogDensity(ReadOnlySpan<double> values)
    {
        _logWeights.CopyTo(_terms, 0);
        for (int d = 0; d < values.Length; d++)
        {
            if (_dimensions[d].Kind == DimensionKind.Choice)
            {
                AddChoice(d, values[d]);
            }
            else if (_dimensions[d].IsDiscrete)
            {
                AddDiscrete(d, values[d]);
            }
            else
            {
                AddReal(d, _dimensions[d].Encode(values[d]));
            }
        }

        double largest = double.NegativeInfinity;
        foreach (double term in _terms)
        {
            largest = Math.Max(largest, term);
        }

        double sum = 0;
        foreach (double term in _terms)
        {
            // Below e^-40 of the largest nothing changes any more.
            sum += term - largest > -40 ? Elementary.Exp(term - largest) : 0;
        }

        return largest + Elementary.Log(sum);
    }

    // w = 1 for the newest 25, a ramp from 1/n for older ones, and the prior last.
    private static double[] Weights(int count, double prior)
    {
        double[] weights = new double[count + 1];
        int ramp = Math.Max(0, count - FullWeights);
        for (int i = 0; i < count; i++)
        {
            double first = 1.0 / count;
            weights[i] = i >= ramp ? 1 : ramp == 1 ? first : first + ((1 - first) * i / (ramp - 1));
        }

        weights[count] = prior;
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private void FitChoice(int d, double[] values, double prior)
    {
        int components = values.Length + 1;
        double each = prior / components;
        double total = 1 + (each * _dimensions[d].Count);
        _means[d] = [.. values, 0];
        _widths[d] = [.. values.Select(_ => 1 / total), 0];
        _logScales[d] =
            [.. values.Select(_ => Elementary.Log(each / total)), -Elementary.Log(_dimensions[d].Count)];
    }

    // In one dimension kernels have equal heights, not equal masses, as in Optuna up to 3.1: else a narrow kernel
    // among many bad trials pushes harder than a broad one, and the search is less greedy. All kernels of a joint
    // density are alike.
    private void FitNumber(int d, double[] values, bool isJoint)
    {
        double[] means = [.. values.Select(_dimensions[d].Encode), 0.5];
        double[] widths = new double[means.Length];
        double narrowest = Narrowest;
        if (isJoint)
        {
            double exponent = -1.0 / (_dimensions.Length + 4);
            Array.Fill(widths, JointBandwidth * Elementary.Exp(exponent * Elementary.Log(Math.Max(values.Length, 1))));

            // A third of a cell: else of few values only the prior would ever leave the trial's own.
            narrowest = _dimensions[d].IsDiscrete ? Math.Max(narrowest, 1.0 / (3 * _dimensions[d].Count)) : narrowest;
        }
        else
        {
            NeighbourDistances(means, widths);
            narrowest = Math.Max(Narrowest, Elementary.Exp(-ClipPower * Elementary.Log(1 + means.Length)));
        }

        for (int i = 0; i < widths.Length; i++)
        {
            widths[i] = Math.Clamp(widths[i], narrowest, 1);
        }

        widths[^1] = 1;
        bool hasEqualMasses = isJoint && !_dimensions[d].IsDiscrete;
        _means[d] = means;
        _widths[d] = widths;
        _logScales[d] = [.. means.Zip(widths, (mean, width) => -Elementary.Log(
            (hasEqualMasses ? width : 1) * NormalDistribution.Mass(-mean / width, (1 - mean) / width)))];
    }

    // The larger distance to the two neighbours; the outermost have one neighbour.
    private static void NeighbourDistances(double[] means, double[] widths)
    {
        int[] order = [.. Enumerable.Range(0, means.Length)];
        Array.Sort(order, (a, b) => means[a] != means[b] ? means[a].CompareTo(means[b]) : a.CompareTo(b));
        int last = order.Length - 1;
        for (int i = 0; i <= last; i++)
        {
            double left = i > 0 ? means[order[i]] - means[order[i - 1]] : 0;
            double right = i < last ? means[order[i + 1]] - means[order[i]] : 0;
            widths[order[i]] = last == 0 ? 1 : Math.Max(left, right);
        }
    }

    private void AddChoice(int d, double value)
    {
        double own = _terms.Length == 1 ? 0 : Elementary.Log(_widths[d][0] + Elementary.Exp(_logScales[d][0]));
        for (int i = 0; i < _terms.Length - 1; i++)
        {
            _terms[i] += _means[d][i] == value ? own : _logScales[d][i];
        }

        _terms[^1] += _logScales[d][^1];
    }

    private void AddReal(int d, double place)
    {
        const double LogRootOfTwoPi = 0.91893853320467274178;
        double[] means = _means[d];
        double[] widths = _widths[d];
        double[] scales = _logScales[d];
        for (int i = 0; i < _terms.Length; i++)
        {
            double z = (place - means[i]) / widths[i];
            _terms[i] += scales[i] - (0.5 * z * z) - LogRootOfTwoPi;
        }
    }

    private void AddDiscrete(int d, double value)
    {
        (double from, double to) = _dimensions[d].Cell(value);
        for (int i = 0; i < _terms.Length; i++)
        {
            double mean = _means[d][i];
            double width = _widths[d][i];
            double mass = NormalDistribution.Mass((from - mean) / width, (to - mean) / width);
            _terms[i] += _logScales[d][i] + Elementary.Log(Math.Max(mass, 1e-300));
        }
    }
}
