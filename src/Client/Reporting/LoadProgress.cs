using Trainer.Data;

namespace Trainer.Reporting;

/// <summary>Says what goes on while something takes long; what is over soon says nothing.</summary>
/// <param name="note">Takes a line.</param>
/// <param name="time">The clock.</param>
internal sealed class LoadProgress(Action<string> note, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Runs work on another thread, with a line after a moment, then every two seconds.</summary>
    /// <param name="work">The work.</param>
    /// <param name="what">What it does now, without the time.</param>
    public Task<T> RunAsync<T>(Func<T> work, Func<string> what, CancellationToken cancellationToken) =>
        FollowAsync(Task.Run(work, cancellationToken), what);

    /// <summary>Waits for work, with a line after a moment, then every two seconds.</summary>
    /// <param name="work">The work.</param>
    /// <param name="what">What it does now, without the time.</param>
    public async Task<T> FollowAsync<T>(Task<T> work, Func<string> what)
    {
        long start = time.GetTimestamp();
        using var timer = new PeriodicTimer(First, time);
        while (!work.IsCompleted)
        {
            Task<bool> tick = timer.WaitForNextTickAsync().AsTask();
            if (await Task.WhenAny(work, tick) == tick)
            {
                timer.Period = Period;
                note($"{what()}, {Figures.Rough(time.GetElapsedTime(start))}");
            }
        }

        return await work;
    }

    /// <summary>
    /// <c>planning job.yaml: 1,234,000 rows read, pass 2 of 2, 61 %</c>; two passes also for each fold.
    /// </summary>
    /// <param name="job">The job file.</param>
    /// <param name="progress">How far its data is read.</param>
    public static string Planning(string job, ReadProgress progress)
    {
        string name = $"planning {Path.GetFileName(job)}";
        (int number, int rows, int total) = (progress.Number, progress.Rows, progress.Total);
        string share = total > 0 ? $", {Figures.Count(Math.Min(100, Math.Floor(100.0 * rows / total)))} %" : "";
        return number == 0
            ? $"{name}: finding its data"
            : $"{name}: {Figures.Count(rows)} rows read, pass {((number - 1) % 2) + 1} of 2{share}";
    }
}
