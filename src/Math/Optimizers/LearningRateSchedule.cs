using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>
/// The learning rate of every step: computed once a step, in double, by the job, and sent to its servers.
/// </summary>
/// <param name="baseRate">The optimizer's learning rate, above 0.</param>
/// <param name="warmupSteps">Steps W over which the rate rises: step s has (s + 1) / W of it; 0: none.</param>
/// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
/// <param name="totalSteps">Steps of the job, at least 1.</param>
/// <param name="curve">What the rate does.</param>
public sealed class LearningRateSchedule(
    double baseRate, long warmupSteps, int stepsPerEpoch, long totalSteps, RateCurve curve)
{
    /// <summary>The rate of a step, rounded once to binary32.</summary>
    /// <param name="step">Step since the start of the job, from 0.</param>
    public float Rate(long step)
    {
        double rate = curve.Rate(baseRate, step, stepsPerEpoch, totalSteps);
        return (float)(step < warmupSteps ? rate * (step + 1) / warmupSteps : rate);
    }
}

/// <summary>How the rate changes over a job.</summary>
public abstract record RateCurve
{
    /// <summary>The rate of a step.</summary>
    /// <param name="baseRate">The optimizer's learning rate.</param>
    /// <param name="step">Step since the start of the job, from 0.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="totalSteps">Steps of the job.</param>
    public abstract double Rate(double baseRate, long step, int stepsPerEpoch, long totalSteps);
}

/// <summary>The same rate in every step.</summary>
public sealed record ConstantCurve : RateCurve
{
    /// <inheritdoc/>
    public override double Rate(double baseRate, long step, int stepsPerEpoch, long totalSteps) => baseRate;
}

/// <summary><c>rate * factor^(epoch div every)</c>, the power by repeated multiplication.</summary>
/// <param name="Every">Epochs between two changes, at least 1.</param>
/// <param name="Factor">The factor, above 0.</param>
public sealed record StepCurve(int Every, double Factor) : RateCurve
{
    /// <inheritdoc/>
    public override double Rate(double baseRate, long step, int stepsPerEpoch, long totalSteps)
    {
        // Squares and multiplies: as exact as one factor a change, and quick for any epoch.
        double rate = baseRate;
        double power = Factor;
        for (long changes = step / stepsPerEpoch / Every; changes > 0; changes >>= 1)
        {
            rate = (changes & 1) == 0 ? rate : rate * power;
            power *= power;
        }

        return rate;
    }
}

/// <summary><c>minimum + (rate - minimum) (1 + cos(pi step / steps)) / 2</c>.</summary>
/// <param name="Minimum">The rate at the end, at least 0.</param>
/// <remarks>Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017.</remarks>
public sealed record CosineCurve(double Minimum) : RateCurve
{
    /// <inheritdoc/>
    public override double Rate(double baseRate, long step, int stepsPerEpoch, long totalSteps) =>
        Minimum + ((baseRate - Minimum) * (1 + Elementary.Cos(Math.PI * step / totalSteps)) / 2);
}
