namespace Trainer.Benchmarks;

/// <summary>How long a call takes, in seconds.</summary>
/// <param name="Best">The fastest: what the machine does when nothing else disturbs it.</param>
/// <param name="Median">The middle one.</param>
internal readonly record struct Timing(double Best, double Median)
{
    private const int FewestSamples = 3;

    // A sample shorter than this would measure the clock.
    private static readonly TimeSpan ShortestSample = TimeSpan.FromMicroseconds(100);

    /// <summary>Measures a call again and again, after half as long of warming up.</summary>
    /// <param name="call">What is measured.</param>
    /// <param name="duration">How long; at least three samples are taken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public static Timing Of(Action call, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        int calls = 1;
        long start = time.GetTimestamp();
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Sample(call, calls, time) < ShortestSample)
            {
                calls *= 2;
            }
        }
        while (time.GetElapsedTime(start) < duration / 2);

        var samples = new List<double>();
        start = time.GetTimestamp();
        while (samples.Count < FewestSamples || time.GetElapsedTime(start) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            samples.Add(Sample(call, calls, time).TotalSeconds / calls);
        }

        return Of(samples);
    }

    /// <summary>Measures two things in turn, after warming up, so that both have met the same machine.</summary>
    /// <param name="first">Does the first and says how long it took, in seconds.</param>
    /// <param name="second">Does the second.</param>
    /// <param name="duration">How long for both; at least three samples of each are taken.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    public static (Timing First, Timing Second) OfBoth(
        Func<double> first,
        Func<double> second,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            first();
            second();
        }
        while (time.GetElapsedTime(start) < duration / 4);

        List<double> firsts = [];
        List<double> seconds = [];
        start = time.GetTimestamp();
        while (firsts.Count < FewestSamples || time.GetElapsedTime(start) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            firsts.Add(first());
            seconds.Add(second());
        }

        return (Of(firsts), Of(seconds));
    }

    /// <summary>The same per one of several steps.</summary>
    /// <param name="steps">Steps that were timed at once.</param>
    public Timing PerStep(int steps) => new(Best / steps, Median / steps);

    private static Timing Of(List<double> samples)
    {
        samples.Sort();
        return new Timing(samples[0], samples[samples.Count / 2]);
    }

    private static TimeSpan Sample(Action call, int calls, TimeProvider time)
    {
        long start = time.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        return time.GetElapsedTime(start);
    }
}
