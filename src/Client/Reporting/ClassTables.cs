using System.Globalization;

using Trainer.Inference;
using Trainer.Metrics;

namespace Trainer.Reporting;

/// <summary>The tables of an evaluation of classes, each at most 80 columns wide where names are not longer.</summary>
internal static class ClassTables
{
    private const int Width = 80;
    private const int MostClasses = 20;
    private const int MostMistakes = 10;
    private const int LongestName = 20;
    private const int LongestHeading = 12;

    /// <summary>Precision, recall and F1 of each class; of more than 20 classes those with the lowest F1.</summary>
    public static IEnumerable<string> Classes(Evaluation evaluation)
    {
        (int Index, ClassMetrics Item)[] all = [.. ClassMetrics.Of(evaluation.Confusion).Index()];
        bool isLong = all.Length > MostClasses;
        (int Index, ClassMetrics Item)[] shown =
            isLong ? [.. all.Where(one => one.Item.Occurs).OrderBy(one => one.Item.F1).Take(MostClasses)] : all;
        string heading = isLong ? $"the {shown.Length} classes of lowest f1, of {all.Length}" : "class";
        return TextTable.Lines(
            [
                [heading, "precision", "recall", "f1", "rows"],
                .. shown.Select(one => (string[])
                [
                    Shorten(evaluation.Classes[one.Index], LongestName),
                    Figures.Metric(one.Item.Precision),
                    Figures.Metric(one.Item.Recall),
                    Figures.Metric(one.Item.F1),
                    Figures.Count(one.Item.Rows),
                ]),
            ],
            column => column > 0);
    }

    /// <summary>
    /// The confusion matrix; where it is too wide, with numbers for classes, else the commonest mistakes.
    /// </summary>
    public static IEnumerable<string> Confusion(Evaluation evaluation)
    {
        string[] names = [.. evaluation.Classes.Select(name => Shorten(name, LongestHeading))];
        string[] numbers = [.. Enumerable.Range(0, names.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        string[] numbered = [.. numbers.Zip(names, (number, name) => $"{number.PadLeft(numbers[^1].Length)} {name}")];
        foreach ((string[] leads, string[] headings) in new[] { (names, names), (numbered, numbers) })
        {
            string[] table = [.. Matrix(evaluation, leads, headings)];
            if (names.Length <= MostClasses && table.Max(line => line.Length) <= Width)
            {
                return table.Prepend("confusion (a row: an actual class; a column: what was predicted)");
            }
        }

        return Mistakes(evaluation);
    }

    /// <summary>Mean probability against what was observed, in bins; bins without rows are left out.</summary>
    public static IEnumerable<string> Calibration(Evaluation evaluation)
    {
        string what = evaluation.Threshold is null
            ? "calibration (of the predicted class)"
            : $"calibration (of class {Shorten(evaluation.Classes[^1], LongestName)})";
        return TextTable.Lines(
            [
                ["probability", "mean", "observed", "rows"],
                .. evaluation.Calibration.Where(bin => bin.Rows > 0).Select(bin => (string[])
                [
                    string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.0} to {bin.To:0.0}"),
                    Figures.Metric(bin.MeanProbability ?? double.NaN),
                    Figures.Metric(bin.ObservedShare ?? double.NaN),
                    Figures.Count(bin.Rows),
                ]),
            ],
            column => column > 0).Prepend(what);
    }

    private static IEnumerable<string> Matrix(Evaluation evaluation, string[] leads, string[] headings)
    {
        string[] counts = [.. evaluation.Confusion.Select(count => Figures.Count(count))];
        int lead = leads.Max(name => name.Length);
        int width = headings.Concat(counts).Max(cell => cell.Length) + 1;
        return counts.Chunk(headings.Length)
            .Select((row, i) => leads[i].PadRight(lead) + string.Concat(row.Select(cell => cell.PadLeft(width))))
            .Prepend(new string(' ', lead) + string.Concat(headings.Select(name => name.PadLeft(width))));
    }

    private static IEnumerable<string> Mistakes(Evaluation evaluation)
    {
        int classes = evaluation.Classes.Count;
        (int Index, long Count)[] mistakes =
        [
            .. evaluation.Confusion.Index()
                .Where(cell => cell.Item > 0 && cell.Index / classes != cell.Index % classes)
                .OrderByDescending(cell => cell.Item)
                .Take(MostMistakes),
        ];
        return TextTable.Lines(
            [
                ["most frequent mistakes", "taken for", "rows"],
                .. mistakes.Select(cell => (string[])
                [
                    Shorten(evaluation.Classes[cell.Index / classes], LongestName),
                    Shorten(evaluation.Classes[cell.Index % classes], LongestName),
                    Figures.Count(cell.Count),
                ]),
            ],
            column => column == 2);
    }

    private static string Shorten(string name, int longest) =>
        name.Length <= longest ? name : name[..(longest - 3)] + "...";
}
