using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps;

/// <summary>One row of a sweep's table: what samplers and schedulers know about a trial.</summary>
/// <param name="Number">Counted from 0 in the order of proposals.</param>
/// <param name="Parameters">A point of the sweep's space.</param>
/// <param name="State">Where the trial stands.</param>
/// <param name="Value">The metric, once it ended; NaN where there is none.</param>
/// <param name="Curve">The metric after each epoch, from the first; NaN where it was not measured.</param>
public sealed record Trial(
    int Number, ParameterSet Parameters, TrialState State, double Value, IReadOnlyList<double> Curve)
{
    /// <summary>A trial that was just proposed.</summary>
    /// <param name="number">Counted from 0.</param>
    /// <param name="parameters">Its point of the space.</param>
    public static Trial Started(int number, ParameterSet parameters) =>
        new(number, parameters, TrialState.Running, double.NaN, []);

    /// <summary>Whether the trial will report nothing more.</summary>
    public bool HasEnded => State is not (TrialState.Running or TrialState.Paused);

    /// <summary>Epochs reported so far.</summary>
    public int Epochs => Curve.Count;

    /// <summary>The metric as a loss: smaller is better, what is no number is worst.</summary>
    /// <param name="goal">Which values are better.</param>
    public double Loss(Goal goal) => ToLoss(Value, goal);

    /// <summary>The last value measured up to an epoch, as a loss; infinite where there is none.</summary>
    /// <param name="epoch">Counted from 1; a trial that did not come so far has no value.</param>
    /// <param name="goal">Which values are better.</param>
    public double LossAt(int epoch, Goal goal)
    {
        for (int at = epoch <= Curve.Count ? epoch - 1 : -1; at >= 0; at--)
        {
            if (!double.IsNaN(Curve[at]))
            {
                return ToLoss(Curve[at], goal);
            }
        }

        return double.PositiveInfinity;
    }

    private static double ToLoss(double value, Goal goal) =>
        double.IsNaN(value) ? double.PositiveInfinity : goal == Goal.Minimize ? value : -value;
}
