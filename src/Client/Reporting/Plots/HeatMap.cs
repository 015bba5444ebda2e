namespace Trainer.Reporting.Plots;

/// <summary>A grid of coloured cells; cells of one colour are one element, so that a picture stays small.</summary>
/// <param name="X">Pixels of the cells' left edges and, last, of the right edge.</param>
/// <param name="Y">Pixels of the cells' edges from row to row, one more than rows.</param>
internal sealed record HeatMap(IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    // Steps of a colour: few enough that neighbours are often equal.
    private const int Shades = 12;
    private const string White = "#ffffff";

    /// <summary>Edges of equal cells.</summary>
    /// <param name="start">Pixel of the first edge.</param>
    /// <param name="length">Pixels of all cells.</param>
    /// <param name="count">Cells.</param>
    public static double[] Edges(double start, double length, int count) =>
        [.. Enumerable.Range(0, count + 1).Select(i => start + (length * i / count))];

    /// <summary>White at 0, a colour at 1, in steps.</summary>
    /// <param name="colour">The colour.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="strongest">How much of the colour there is at 1.</param>
    public static string Shade(string colour, double share, double strongest = 1) =>
        Palette.Mix(White, colour, Math.Round(share * Shades) / Shades * strongest);

    /// <summary>Blue for a positive value, orange for a negative one, deepest at the largest magnitude.</summary>
    /// <param name="value">The value.</param>
    /// <param name="largest">The largest magnitude; 0: every value is.</param>
    public static string Signed(double value, double largest) =>
        Shade(value < 0 ? Palette.Vermillion : Palette.Blue, largest > 0 ? Math.Abs(value) / largest : 0);

    /// <summary>Draws it.</summary>
    /// <param name="drawing">What it is drawn into.</param>
    /// <param name="colourOf">Colour of a cell by column and row.</param>
    public void Draw(SvgDrawing drawing, Func<int, int, string> colourOf)
    {
        var cells = new Dictionary<string, List<(double X, double Y, double Width, double Height)>>();
        for (int row = 0; row + 1 < Y.Count; row++)
        {
            (double top, double bottom) = (Math.Min(Y[row], Y[row + 1]), Math.Max(Y[row], Y[row + 1]));
            int start = 0;
            for (int column = 1; column < X.Count; column++)
            {
                string colour = colourOf(start, row);
                if (column + 1 < X.Count && colourOf(column, row) == colour)
                {
                    continue;
                }

                if (!cells.TryGetValue(colour, out List<(double, double, double, double)>? same))
                {
                    cells.Add(colour, same = []);
                }

                same.Add((X[start], top, X[column] - X[start], bottom - top));
                start = column;
            }
        }

        foreach ((string colour, List<(double, double, double, double)> same) in cells)
        {
            drawing.Rectangles(same, colour);
        }
    }
}
