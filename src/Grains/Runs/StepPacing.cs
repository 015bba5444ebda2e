namespace Trainer.Runs;

/// <summary>
/// How many steps to grant at once: about half a second of work, so that status, cancelling and re-planning stay
/// prompt.
/// </summary>
internal sealed class StepPacing
{
    private const int First = 8;
    private const int Most = 1 << 16;

    private static readonly TimeSpan Target = TimeSpan.FromSeconds(0.5);

    private int _count = First;

    /// <summary>Steps of the next range.</summary>
    /// <param name="remaining">Steps left in the epoch, at least 1.</param>
    public int Next(long remaining) => (int)Math.Min(remaining, _count);

    /// <summary>Learns from a finished range; the count at most quadruples.</summary>
    /// <param name="steps">Its steps.</param>
    /// <param name="elapsed">Its wall time.</param>
    public void Measured(int steps, TimeSpan elapsed)
    {
        double fitting = steps * (Target / (elapsed + TimeSpan.FromTicks(1)));
        _count = (int)Math.Clamp(fitting, 1, Math.Min(Most, Math.Max(First, 4L * steps)));
    }
}
