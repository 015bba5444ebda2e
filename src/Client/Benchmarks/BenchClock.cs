using Trainer.Kernels;

namespace Trainer.Benchmarks;

/// <summary>Times calls, and between them the peak of this processor, so that both have met the same machine.</summary>
/// <param name="duration">How long each call is measured.</param>
/// <param name="time">The clock.</param>
internal sealed class BenchClock(TimeSpan duration, TimeProvider time)
{
    private const int Rounds = 20_000;

    // A ratio of two bests needs more samples than one of them.
    private const int PairedDurations = 6;

    /// <summary>Floating-point operations a second of one thread: the highest measured so far.</summary>
    public double Peak { get; private set; }

    /// <summary>Measures the peak again, then a call.</summary>
    /// <param name="call">What is measured.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public Timing Measure(Action call, CancellationToken cancellationToken)
    {
        MeasurePeak(cancellationToken);
        return Timing.Of(call, duration, time, cancellationToken);
    }

    /// <summary>Measures the peak again, then two things in turn.</summary>
    /// <param name="first">Does the first and says how long it took, in seconds.</param>
    /// <param name="second">Does the second.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public (Timing First, Timing Second) MeasureBoth(
        Func<double> first, Func<double> second, CancellationToken cancellationToken)
    {
        MeasurePeak(cancellationToken);
        return Timing.OfBoth(first, second, duration * PairedDurations, time, cancellationToken);
    }

    /// <summary>How long a call took, in seconds.</summary>
    public double Seconds(Action call)
    {
        long start = time.GetTimestamp();
        call();
        return time.GetElapsedTime(start).TotalSeconds;
    }

    private void MeasurePeak(CancellationToken cancellationToken)
    {
        Timing peak = Timing.Of(() => PeakKernel.Run(Rounds), duration / 4, time, cancellationToken);
        Peak = Math.Max(Peak, PeakKernel.Operations(Rounds) / peak.Best);
    }
}
