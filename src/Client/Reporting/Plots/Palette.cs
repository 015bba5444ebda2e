using System.Globalization;

namespace Trainer.Reporting.Plots;

/// <summary>Colours that people with any colour vision tell apart.</summary>
/// <remarks>Source: Okabe and Ito, "Color Universal Design", 2008.</remarks>
internal static class Palette
{
    /// <summary>Text and axes.</summary>
    public const string Ink = "#222222";

    /// <summary>Less important text.</summary>
    public const string Faint = "#666666";

    /// <summary>Lines of the grid.</summary>
    public const string Grid = "#e4e4e4";

    /// <summary>Positive values, first series.</summary>
    public const string Blue = "#0072b2";

    /// <summary>Negative values, second series.</summary>
    public const string Vermillion = "#d55e00";

    private static readonly string[] Series =
        [Blue, Vermillion, "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#4d4d4d"];

    /// <summary>The colour of a series; they repeat after eight.</summary>
    public static string Of(int index) => Series[index % Series.Length];

    /// <summary>A colour between two.</summary>
    /// <param name="from">#rrggbb.</param>
    /// <param name="to">#rrggbb.</param>
    /// <param name="share">0: the first, 1: the second.</param>
    public static string Mix(string from, string to, double share)
    {
        int[] channels = [.. Channels(from).Zip(Channels(to), (a, b) => (int)Math.Round(a + ((b - a) * share)))];
        return string.Create(CultureInfo.InvariantCulture, $"#{channels[0]:x2}{channels[1]:x2}{channels[2]:x2}");
    }

    private static IEnumerable<int> Channels(string colour) =>
        Convert.FromHexString(colour.AsSpan(1)).Select(channel => (int)channel);
}
