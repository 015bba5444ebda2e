using System.Diagnostics;

namespace Trainer.Benchmarks;

/// <summary>How long a call takes, in seconds.</summary>
internal readonly record struct Timing(double Best, double Median)
{
    private const double Sample = 0.008;

    /// <summary>Measures a call again and again, after half as long of warming up.</summary>
    public static Timing Of(Action call, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int warm = 0;
        do
        {
            call();
            warm++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 2);

        int calls = Math.Max(1, (int)(Sample * warm / Stopwatch.GetElapsedTime(start).TotalSeconds));
        var samples = new List<double>();
        start = Stopwatch.GetTimestamp();
        while (samples.Count < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
            {
                call();
            }

            samples.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds / calls);
        }

        samples.Sort();
        return new Timing(samples[0], samples[samples.Count / 2]);
    }
}
