using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>A trial in words.</summary>
internal static class TrialText
{
    /// <summary>
    /// <c>trial 12  completed  0.9741 ± 0.0031  10 epochs  0.4 s  hidden=[32,16] learning_rate=0.003124</c>
    /// </summary>
    /// <param name="trial">A trial that has ended.</param>
    /// <param name="trials">Trials in all: numbers have as many digits.</param>
    public static string Line(TrialRow trial, int trials)
    {
        int digits = Math.Max(trial.Number, trials - 1).ToString(Invariant).Length;
        string line = string.Join("  ",
        [
            $"trial {trial.Number.ToString(Invariant).PadLeft(digits)}",
            TrialTable.NameOf(trial.State).PadRight(9),
            Value(trial).PadRight(6),
            Figures.Count(trial.Epochs, "epoch").PadLeft(9),
            Time(trial.Seconds).PadLeft(6),
            ParameterNames.Line(trial.Parameters),
        ]);
        return trial.Error is { } error ? $"{line}  {error.ReplaceLineEndings(" ")}" : line;
    }

    /// <summary><c>0.9741</c>, of several repeats <c>0.9741 ± 0.0031</c>; <c>-</c> while there is none.</summary>
    public static string Value(TrialRow trial)
    {
        if (!double.IsFinite(trial.Value))
        {
            return "-";
        }

        string mean = Figures.Metric(trial.Value);
        return ConfidenceInterval.HalfWidth(trial.Values) is { } half ? $"{mean} ± {Figures.Metric(half)}" : mean;
    }

    /// <summary>The time of a trial: <c>34 ms</c>, <c>1.2 s</c>.</summary>
    public static string Time(double seconds) =>
        seconds < 1 ? $"{Figures.Count(Math.Round(seconds * 1000))} ms" : Figures.Seconds(seconds);

    /// <summary>
    /// <c>26 completed, 3 pruned, 1 diverged</c>: states that no trial is in are left out.
    /// </summary>
    /// <param name="table">The trials.</param>
    /// <param name="isOver">Whether nothing runs any more: then only trials that have ended count.</param>
    public static string Counts(SweepTable table, bool isOver = false)
    {
        string[] counts =
        [
            .. Enum.GetValues<TrialState>()
                .OrderBy(state => state is TrialState.Running or TrialState.Paused)
                .Where(state => table.Count(state) > 0
                    && !(isOver && (state is TrialState.Running or TrialState.Paused)))
                .Select(state => $"{Figures.Count(table.Count(state))} {TrialTable.NameOf(state)}"),
        ];
        return counts.Length == 0 ? "no trial yet" : string.Join(", ", counts);
    }

    /// <summary>The command that trains a trial again, ready to be pasted into a shell.</summary>
    /// <param name="jobPath">The job file that trials vary.</param>
    /// <param name="trial">The trial.</param>
    public static string Command(string jobPath, TrialRow trial) => string.Join(
        ' ',
        trial.Parameters
            .Select(parameter => $"--set {Quote($"{parameter.Key}={parameter.Value}")}")
            .Prepend($"trainer train {Quote(jobPath)}"));

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    // A word for POSIX shells.
    private static string Quote(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "._/=:+-".Contains(c))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
