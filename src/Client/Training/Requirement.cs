using System.Globalization;

using Trainer.Commands;
using Trainer.Data;
using Trainer.Metrics;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>A <c>--require METRIC=VALUE</c>: what a finished job must have reached.</summary>
/// <param name="Part">train, validation or test.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">The bound; itself is good enough.</param>
internal sealed record Requirement(string Part, string Metric, double Value)
{
    private bool IsUpperBound => !MetricNames.Grows(Metric);

    private string Name => $"{Part}.{Metric}";

    /// <summary>Reads a requirement.</summary>
    /// <param name="text"><c>test.accuracy=0.97</c>.</param>
    /// <param name="reported">What the job will report, as <c>part.metric</c>.</param>
    /// <exception cref="CommandException">It is none, or names what the job does not report.</exception>
    public static Requirement Parse(string text, IReadOnlyCollection<string> reported)
    {
        string[] sides = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (sides.Length < 2
            || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value))
        {
            throw new CommandException(
                $"'--require' is '{text}'; it takes METRIC=VALUE with a number, such as 'test.accuracy=0.97'.");
        }

        string name = sides[0];
        if (!reported.Contains(name))
        {
            string hint = NearestName.Hint(name, reported);
            string help = hint.Length > 0 ? hint : $"; it reports {string.Join(", ", reported)}.";
            throw new CommandException($"'--require' names '{name}', which the job does not report{help}");
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return new Requirement(name[..dot], name[(dot + 1)..], value);
    }

    /// <summary>One line when the summary misses the requirement; null when it meets it.</summary>
    public string? Miss(SummaryFile summary)
    {
        double? actual = summary.Metrics(Part)
            .Where(pair => pair.Key == Metric)
            .Select(pair => (double?)pair.Value)
            .FirstOrDefault();
        if (actual is { } reached && (IsUpperBound ? reached <= Value : reached >= Value))
        {
            return null;
        }

        string found = actual is { } number ? Figures.Exact(number) : "undefined";
        string bound = IsUpperBound ? "at most" : "at least";
        return $"requirement missed: {Name} is {found}, required is {bound} {Figures.Exact(Value)}.";
    }
}
