using System.Globalization;

namespace Trainer.Reporting;

/// <summary>Numbers as a person reads them, the same in every culture.</summary>
internal static class Figures
{
    /// <summary>A metric: four decimals, or four significant digits where those would say nothing.</summary>
    public static string Metric(double value) => Math.Abs(value) switch
    {
        0 => "0.0000",
        < 0.001 or >= 1e6 => value.ToString("0.000e0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>A count with separators: <c>12,345</c>.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 silo</c>, <c>2 silos</c>.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>A duration: <c>1.2 s</c>, <c>95 s</c>.</summary>
    public static string Seconds(double value) =>
        value.ToString(Math.Abs(value) < 60 ? "0.0 's'" : "0 's'", CultureInfo.InvariantCulture);

    /// <summary>A duration that is only guessed: <c>7 s</c>, <c>12 min</c>, <c>3 h</c>.</summary>
    public static string Rough(TimeSpan value) => value.TotalSeconds switch
    {
        < 100 => Count(Math.Ceiling(value.TotalSeconds)) + " s",
        < 100 * 60 => Count(Math.Ceiling(value.TotalMinutes)) + " min",
        _ => Count(Math.Ceiling(value.TotalHours)) + " h",
    };

    /// <summary>A rate: <c>12,345 rows/s</c>.</summary>
    public static string RowsPerSecond(double value) => Count(value) + " rows/s";

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Exact(double value) => value.ToString(CultureInfo.InvariantCulture);
}
