using System.Globalization;

using Trainer.Grains;

namespace Trainer.Reporting;

/// <summary>One picture of the live view: three lines that fit the terminal.</summary>
internal static class LiveFrame
{
    private const int LongestBar = 40;
    private const int ShortestBar = 8;

    /// <summary>The lines: progress with a bar, losses and metrics of the last epoch, speed and time.</summary>
    /// <param name="progress">The job now.</param>
    /// <param name="last">The last epoch that ended; null before the first.</param>
    /// <param name="remaining">Time left; null when unknown.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="isUnicode">Whether the terminal shows block characters.</param>
    public static string[] Lines(
        JobProgress progress, EpochReport? last, TimeSpan? remaining, int width, bool isUnicode) =>
    [
        Fit(Bar(progress, remaining, width, isUnicode), width),
        Fit(
            last is null
                ? RunOutcome.NameOf(progress.State)
                : string.Join("  ", EpochLine.Fold(last).Concat(EpochLine.Metrics(last))),
            width),
        Fit(last is null ? "" : $"{Figures.RowsPerSecond(last.RowsPerSecond)}  {Figures.Seconds(last.Seconds)}", width),
    ];

    private static string Bar(JobProgress progress, TimeSpan? remaining, int width, bool isUnicode)
    {
        double share = progress.Steps > 0 ? Math.Clamp((double)progress.Step / progress.Steps, 0, 1) : 0;
        string left = string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}/{progress.Epochs}  ")
            + $"step {Figures.Count(progress.Step)}/{Figures.Count(progress.Steps)}";
        string right = share.ToString("0 %", CultureInfo.InvariantCulture)
            + (remaining is { } time && progress.Step < progress.Steps ? $"  {Figures.Rough(time)} left" : "");
        int length = Math.Min(LongestBar, width - left.Length - right.Length - 4);
        if (length < ShortestBar)
        {
            return $"{left}  {right}";
        }

        int done = (int)(share * length);
        (char full, char empty) = isUnicode ? ('━', '─') : ('#', '.');
        return $"{left}  {new string(full, done)}{new string(empty, length - done)}  {right}";
    }

    private static string Fit(string line, int width) => line.Length <= width ? line : line[..Math.Max(0, width)];
}
