using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>One fold of a cross-validation: its rows are the test part, all others the training part.</summary>
/// <remarks>
/// Without a file: the rows of each stratum, shuffled with (seed, stratum), are dealt to the folds in turn, and the
/// next stratum goes on where the last one ended; so folds differ by at most one row, in all and in every class.
/// </remarks>
/// <param name="Count">Folds, at least 2.</param>
/// <param name="Held">The fold that is tested, from 0.</param>
/// <param name="OfRow">The fold of each row of the source, from a file; empty: from the seed.</param>
public sealed record FoldSplit(int Count, int Held, ImmutableArray<int> OfRow)
{
    /// <summary>The most folds.</summary>
    public const int Most = 1000;

    /// <summary>Whether a file says which row is in which fold.</summary>
    internal bool IsFromFile => !OfRow.IsDefaultOrEmpty;

    /// <summary>The folds as a file has them: a CSV with the columns <c>row</c> and <c>fold</c>.</summary>
    /// <remarks>Rows count from 0 or from 1, as the file's smallest says; folds are any whole numbers from 0.</remarks>
    /// <param name="source">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The fold of each row, numbered from 0 in the order of their numbers in the file.</returns>
    /// <exception cref="DataException">
    /// A row is missing or there twice, there are too few or too many folds, or the file is malformed.
    /// </exception>
    public static ImmutableArray<int> Read(DataSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        using CsvReader reader = CsvReader.Open(source);
        int rowColumn = reader.IndexOf("row", "the rows of the folds");
        int foldColumn = reader.IndexOf("fold", "the folds");
        Dictionary<int, int> foldOfRow = [];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int row = Number(reader, rowColumn);
            if (!foldOfRow.TryAdd(row, Number(reader, foldColumn)))
            {
                throw reader.Error(rowColumn, $"{row} stands there for the second time; each row is in one fold.");
            }
        }

        int first = foldOfRow.ContainsKey(0) ? 0 : 1;
        int missing = Enumerable.Range(first, foldOfRow.Count).FirstOrDefault(row => !foldOfRow.ContainsKey(row), -1);
        if (missing >= 0)
        {
            throw new DataException(
                $"Fold file '{source.Name}' has {foldOfRow.Count} rows, but none for row {missing}; give each row of "
                + "the data once, counted from 0 or from 1.");
        }

        int[] numbers = [.. foldOfRow.Values.Distinct().Order()];
        return numbers.Length is >= 2 and <= Most
            ? [.. Enumerable.Range(first, foldOfRow.Count).Select(row => Array.BinarySearch(numbers, foldOfRow[row]))]
            : throw new DataException(
                $"Fold file '{source.Name}' has a number of folds of {numbers.Length}; give it from 2 to {Most}.");
    }

    /// <summary>Whether the fold can be of so many rows.</summary>
    internal bool Fits(long rows) => Count >= 2 && Held >= 0 && Held < Count
        && (!IsFromFile || (OfRow.Length == rows && OfRow.All(fold => fold >= 0 && fold < Count)));

    /// <summary>How many of the rows from <paramref name="first"/> on are in the fold, dealt in turn.</summary>
    internal int Dealt(int first, int rows) => Upto(first + rows) - Upto(first);

    /// <summary>Whether a row is in the fold.</summary>
    /// <param name="row">Row of the file, where a file says it.</param>
    /// <param name="position">Position among all rows in the order of dealing, else.</param>
    internal bool Holds(int row, int position) => (IsFromFile ? OfRow[row] : position % Count) == Held;

    private int Upto(int position) => (int)(((long)position + Count - 1 - Held) / Count);

    private static int Number(CsvReader reader, int column) =>
        int.TryParse(reader.Bytes(column), out int number) && number >= 0
            ? number
            : throw reader.Error(column, $"'{DataText.Show(reader.Text(column))}' is no whole number from 0 on.");
}
