namespace Trainer.Optimizers;

/// <summary>Every optimizer in double, written as its paper and PyTorch have it: the oracle of the kernels.</summary>
/// <param name="settings">The hyper-parameters; all parameters decay, and nothing is clipped.</param>
/// <param name="length">Parameters.</param>
public sealed class ReferenceOptimizer(OptimizerSettings settings, int length)
{
    private readonly double[] _first = new double[length];
    private readonly double[] _second = new double[length];
    private readonly double[] _largest = new double[length];
    private double _product = 1;
    private int _step;

    /// <summary>One step.</summary>
    /// <param name="weights">Parameters, updated in place, shape [n].</param>
    /// <param name="gradient">Mean gradient, shape [n].</param>
    /// <param name="learningRate">The rate of this step.</param>
    public void Step(Span<double> weights, ReadOnlySpan<double> gradient, double learningRate)
    {
        _step++;
        if (settings is AdamSettings { Variant: AdamVariant.NAdam } nadam)
        {
            _product *= Momentum(nadam, _step);
        }

        for (int i = 0; i < length; i++)
        {
            double w = weights[i];
            double decay = settings.WeightDecay * w;
            bool decoupled = settings is AdamSettings { Variant: AdamVariant.AdamW };
            double g = decoupled ? gradient[i] : gradient[i] + decay;
            w -= decoupled ? learningRate * decay : 0;
            weights[i] = w - (learningRate * Direction(i, g));
        }
    }

    private double Direction(int i, double g) => settings switch
    {
        SgdSettings sgd => Sgd(sgd, i, g),
        AdamSettings { Variant: AdamVariant.NAdam } adam => NAdam(adam, i, g),
        AdamSettings adam => Adam(adam, i, g),
        RmsPropSettings rmsProp => RmsProp(rmsProp, i, g),
        AdagradSettings adagrad => g / (Math.Sqrt(_second[i] += g * g) + adagrad.Epsilon),
        AdadeltaSettings adadelta => Adadelta(adadelta, i, g),
        _ => throw new ArgumentException($"No reference for {settings.GetType().Name}.", nameof(g)),
    };

    private double Sgd(SgdSettings sgd, int i, double g)
    {
        if (sgd.Momentum == 0)
        {
            return g;
        }

        _first[i] = (sgd.Momentum * _first[i]) + g;
        return sgd.Nesterov ? g + (sgd.Momentum * _first[i]) : _first[i];
    }

    private double Adam(AdamSettings adam, int i, double g)
    {
        Moments(adam.Beta1, adam.Beta2, i, g);
        _largest[i] = Math.Max(_largest[i], _second[i]);
        double second = adam.Variant == AdamVariant.AmsGrad ? _largest[i] : _second[i];
        double first = _first[i] / (1 - Power(adam.Beta1, _step));
        second /= 1 - Power(adam.Beta2, _step);
        return first / (Math.Sqrt(second) + adam.Epsilon);
    }

    private double NAdam(AdamSettings nadam, int i, double g)
    {
        Moments(nadam.Beta1, nadam.Beta2, i, g);
        double mu = Momentum(nadam, _step);
        double muNext = Momentum(nadam, _step + 1);
        double now = g * (1 - mu) / (1 - _product);
        double first = now + (_first[i] * muNext / (1 - (_product * mu * muNext)));
        return first / (Math.Sqrt(_second[i] / (1 - Power(nadam.Beta2, _step))) + nadam.Epsilon);
    }

    private double RmsProp(RmsPropSettings rmsProp, int i, double g)
    {
        _second[i] = (rmsProp.Alpha * _second[i]) + ((1 - rmsProp.Alpha) * g * g);
        return g / (Math.Sqrt(_second[i]) + rmsProp.Epsilon);
    }

    private double Adadelta(AdadeltaSettings adadelta, int i, double g)
    {
        _second[i] = (adadelta.Rho * _second[i]) + ((1 - adadelta.Rho) * g * g);
        double d = Math.Sqrt(_first[i] + adadelta.Epsilon) / Math.Sqrt(_second[i] + adadelta.Epsilon) * g;
        _first[i] = (adadelta.Rho * _first[i]) + ((1 - adadelta.Rho) * d * d);
        return d;
    }

    private void Moments(double beta1, double beta2, int i, double g)
    {
        _first[i] = (beta1 * _first[i]) + ((1 - beta1) * g);
        _second[i] = (beta2 * _second[i]) + ((1 - beta2) * g * g);
    }

    // PyTorch's default momentum decay.
    private static double Momentum(AdamSettings nadam, int t) =>
        nadam.Beta1 * (1 - (0.5 * Power(0.96, t * 0.004)));

#pragma warning disable RS0030 // The float64 reference is compared to 1e-12, and shares no polynomial with the core.
    private static double Power(double value, double exponent) => Math.Pow(value, exponent);
#pragma warning restore RS0030
}
