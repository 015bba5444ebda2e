namespace Trainer.Reporting.Plots;

/// <summary>The confusion matrix as a heat map: the darker, the larger the share of the actual class.</summary>
internal static class ConfusionPlot
{
    /// <summary>Most classes that a picture can show.</summary>
    public const int MostClasses = 40;

    private const double Top = 78;
    private const double Side = 30;
    private const int LongestName = 16;
    private const string Light = "#f4f8fb";
    private const string Dark = "#08306b";

    /// <summary>Draws it.</summary>
    /// <param name="name">Name of the run and of its data.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="counts">Counts, row-major [actual, predicted].</param>
    public static string Draw(string name, IReadOnlyList<string> classes, IReadOnlyList<long> counts)
    {
        string[] names = [.. classes.Select(text => Labels.Shorten(text, LongestName))];
        int longest = names.Max(text => text.Length);
        double cell = names.Length <= 3 ? 104 : names.Length <= 10 ? 52 : names.Length <= 20 ? 36 : 26;
        double font = cell >= 100 ? 18 : cell >= 50 ? 13 : cell >= 36 ? 10.5 : 8;
        double left = 62 + (longest * 8.2);
        bool turned = longest * 8.2 > cell;
        double size = cell * names.Length;
        string title = $"Confusion matrix of {Labels.Shorten(name, 60)}";
        double width = Math.Max(left + size + Side, Labels.TitleWidth(title));
        double below = (turned ? longest * 8.2 : 18) + 44;
        var drawing = new SvgDrawing(width, Top + size + below, title);
        long correct = Enumerable.Range(0, names.Length).Sum(i => counts[(i * names.Length) + i]);
        drawing.Text(20, 30, title, new TextStyle(Size: 17, Bold: true));
        string right = $"{Figures.Count(correct)} of {Figures.Count(counts.Sum(), "row")} right";
        drawing.Text(20, 54, right, new TextStyle(14, Colour: Palette.Faint));
        for (int actual = 0; actual < names.Length; actual++)
        {
            long[] row = [.. counts.Skip(actual * names.Length).Take(names.Length)];
            Row(drawing, row, left, Top + (actual * cell), cell, font);
            drawing.Text(left - 8, Top + ((actual + 0.5) * cell) + 4.5, names[actual], new TextStyle(Anchor: "end"));
        }

        for (int predicted = 0; predicted < names.Length; predicted++)
        {
            double x = left + ((predicted + 0.5) * cell);
            drawing.Text(
                turned ? x + 4.5 : x,
                Top + size + (turned ? 10 : 20),
                names[predicted],
                turned ? new TextStyle(Anchor: "end", Turn: -90) : new TextStyle(Anchor: "middle"));
        }

        drawing.Frame(left, Top, size, size, Palette.Faint);
        drawing.Text(left + (size / 2), Top + size + below - 14, "predicted", new TextStyle(14, "middle", Bold: true));
        drawing.Text(24, Top + (size / 2), "actual", new TextStyle(14, "middle", Bold: true, Turn: -90));
        return drawing.ToString();
    }

    private static void Row(SvgDrawing drawing, long[] counts, double left, double top, double cell, double font)
    {
        double rows = Math.Max(1, counts.Sum());
        foreach ((int column, long count) in counts.Index())
        {
            // The root lets rare mistakes be seen.
            double shade = Math.Sqrt(count / rows);
            double x = left + (column * cell);
            drawing.Rectangle(x, top, cell, cell, count == 0 ? "#ffffff" : Palette.Mix(Light, Dark, shade));
            string text = count >= 100_000 && cell < 100 ? $"{count / 1000:0}k" : Figures.Count(count);
            string colour = count == 0 ? "#9a9a9a" : shade > 0.5 ? "#ffffff" : Palette.Ink;
            drawing.Text(x + (cell / 2), top + (cell / 2) + (font * 0.35), text, new TextStyle(font, "middle", colour));
        }
    }
}
