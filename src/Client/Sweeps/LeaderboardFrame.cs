using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>One picture of the live view of a sweep: a table of trials, best first, and two lines of figures.</summary>
internal static class LeaderboardFrame
{
    // Heading, counts, speed.
    private const int OtherLines = 3;

    /// <summary>The lines, which fit the terminal.</summary>
    /// <param name="table">The trials.</param>
    /// <param name="status">The sweep now.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    public static IReadOnlyList<LeaderboardLine> Lines(
        SweepTable table, LeaderboardStatus status, int width, int height)
    {
        TrialRow[] shown = [.. Shown(table, Math.Max(1, height - OtherLines))];
        string[] rows = [.. Rows(table, shown, status.Metric)];
        LeaderboardLine[] lines =
        [
            new(rows[0], IsFaint: false),
            .. rows.Skip(1).Zip(shown, (row, trial) => new LeaderboardLine(row, trial.State == TrialState.Pruned)),
            new(Counts(table, status), IsFaint: false),
            new(Speed(status), IsFaint: false),
        ];
        return [.. lines.Select(line => line with { Text = Fit(line.Text, width) })];
    }

    /// <summary>All trials as a table, best first.</summary>
    /// <param name="table">The trials.</param>
    /// <param name="metric">Name of the metric.</param>
    public static IEnumerable<string> Table(SweepTable table, string metric) => Rows(table, table.Ranked(), metric);

    private static IEnumerable<string> Rows(SweepTable table, IReadOnlyList<TrialRow> shown, string metric)
    {
        Dictionary<int, int> ranks = table.Ranked().Where(SweepTable.IsRanked).Index()
            .ToDictionary(item => item.Item.Number, item => item.Index + 1);
        return TextTable.Lines(
            [
                ["rank", "trial", "state", "silo", "epochs", metric, "time", "parameters"],
                .. shown.Select(trial => Cells(trial, ranks)),
            ],
            column => column is 0 or 1 or 4 or 5 or 6);
    }

    // The best ones, and the newest of those that run in the last quarter.
    private static IEnumerable<TrialRow> Shown(SweepTable table, int rows)
    {
        IReadOnlyList<TrialRow> ranked = table.Ranked();
        TrialRow[] ended = [.. ranked.Where(SweepTable.HasEnded)];
        TrialRow[] others = [.. ranked.Where(trial => !SweepTable.HasEnded(trial)).OrderBy(trial => trial.Number)];
        int kept = Math.Min(others.Length, Math.Max(rows - ended.Length, rows / 4));
        return ended.Take(rows - kept).Concat(others.TakeLast(kept));
    }

    private static string[] Cells(TrialRow trial, Dictionary<int, int> ranks) =>
    [
        ranks.TryGetValue(trial.Number, out int rank) ? Figures.Count(rank) : "",
        Figures.Count(trial.Number),
        TrialTable.NameOf(trial.State),
        trial.Silo ?? "-",
        Figures.Count(trial.Epochs),
        TrialText.Value(trial),
        trial.Seconds > 0 ? TrialText.Time(trial.Seconds) : "-",
        ParameterNames.Line(trial.Parameters),
    ];

    private static string Counts(SweepTable table, LeaderboardStatus status) =>
        $"{Figures.Count(table.Ended)}/{Figures.Count(status.Trials)} trials: {TrialText.Counts(table)}";

    private static string Speed(LeaderboardStatus status)
    {
        List<string> parts = [SweepStatus.NameOf(status.State), Figures.Seconds(status.Elapsed.TotalSeconds)];
        if (status.PerSecond is { } rate)
        {
            parts.Add(rate >= 1 ? Rate(rate, "s") : Rate(rate * 60, "min"));
        }

        if (status.Remaining is { } left)
        {
            parts.Add($"{Figures.Rough(left)} left");
        }

        return string.Join("  ", parts);
    }

    private static string Rate(double rate, string unit) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rate:0.#} trials/{unit}");

    private static string Fit(string line, int width) => line.Length <= width ? line : line[..Math.Max(0, width)];
}

/// <summary>A line of the leaderboard.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsFaint">Whether it is shown in grey.</param>
internal sealed record LeaderboardLine(string Text, bool IsFaint);

/// <summary>What the leaderboard says below its table.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="State">State of the sweep.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Elapsed">Time since this command began to watch.</param>
/// <param name="PerSecond">Trials that end in a second; null: unknown.</param>
/// <param name="Remaining">Time left; null: unknown.</param>
internal sealed record LeaderboardStatus(
    string Metric, SweepState State, int Trials, TimeSpan Elapsed, double? PerSecond, TimeSpan? Remaining);
