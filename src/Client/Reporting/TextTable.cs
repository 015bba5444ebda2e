namespace Trainer.Reporting;

/// <summary>Text in columns, two spaces apart.</summary>
internal static class TextTable
{
    /// <summary>Lines of a table without trailing spaces.</summary>
    /// <param name="rows">Rows of equal length, the header first.</param>
    /// <param name="rightAligned">Which columns are numbers.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows, Func<int, bool> rightAligned)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, column) =>
            rightAligned(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
