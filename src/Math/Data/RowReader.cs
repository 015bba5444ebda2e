using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>Reads the rows of a source as they stand there, in order, one in memory at a time.</summary>
/// <remarks>
/// When the last row was read, the source is compared with the size and the SHA-256 of its registration. Not safe for
/// several threads.
/// </remarks>
public abstract class RowReader : IDisposable
{
    private protected RowReader(DataSource source)
    {
        Source = source;
    }

    /// <summary>Where the rows come from.</summary>
    public DataSource Source { get; }

    /// <summary>Names of the columns.</summary>
    public ImmutableArray<string> Columns { get; private protected set; } = [];

    /// <summary>Whether the names of the columns stand in the file.</summary>
    public virtual bool HasHeader => true;

    /// <summary>The data row in hand, from 1; 0 before the first.</summary>
    public int Row { get; private protected set; }

    /// <summary>The separator of the fields, where they are text; else a comma.</summary>
    public virtual char Separator => ',';

    /// <summary>Whether every value is a finite number, by the format of the source.</summary>
    internal virtual bool IsNumeric => false;

    /// <summary>Whether each value of some columns is a byte, by the format of the source.</summary>
    /// <param name="columns">The columns.</param>
    internal virtual bool AreBytes(ImmutableArray<int> columns) => false;

    /// <summary>Copies fields of the row, where <see cref="AreBytes"/>.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="result">Receives one byte a column.</param>
    internal virtual void CopyBytes(ImmutableArray<int> columns, Span<byte> result) =>
        throw new InvalidOperationException($"'{Source.Name}' has no columns of bytes.");

    /// <summary>The usual targets of the source; empty: it has none.</summary>
    internal virtual ImmutableArray<string> OwnTargets => [];

    /// <summary>Columns that are features only where they are asked for.</summary>
    internal virtual ImmutableArray<string> NotFeatures => [];

    /// <summary>Reads the next row.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="DataException">
    /// The row is malformed, or the source has changed. The message names source, row, column and reason.
    /// </exception>
    public abstract bool Read();

    /// <summary>A field of the row as text.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <exception cref="DataException">The field is not valid UTF-8.</exception>
    public abstract string Text(int column);

    /// <summary>All fields of the row as text.</summary>
    /// <exception cref="DataException">A field is not valid UTF-8.</exception>
    public string[] Fields()
    {
        string[] fields = new string[Columns.Length];
        for (int column = 0; column < fields.Length; column++)
        {
            fields[column] = Text(column);
        }

        return fields;
    }

    /// <summary>The index of a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="use">What it is for, in the message.</param>
    /// <exception cref="DataException">There is no such column. The message has the nearest name.</exception>
    public int IndexOf(string name, string use)
    {
        int index = Columns.IndexOf(name);
        return index >= 0 ? index : throw ErrorUnlessChanged(
            $"'{Source.Name}' has no column '{DataText.Show(name)}' for {use}{Hint(name)}; " +
            $"its columns are: {DataText.List(Columns)}.");
    }

    /// <summary>The error of a field of the row in hand: source, row, column, reason.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="reason">The value, what is wrong with it, what to do.</param>
    /// <remarks>When the source has changed since it was registered, the error says that instead.</remarks>
    public DataException Error(int column, string reason) =>
        ErrorUnlessChanged($"'{Source.Name}' {Place(column)}: {reason}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A field of the row as a number.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="value">The number; 0 unless the kind is <see cref="CellKind.Number"/>.</param>
    internal abstract CellKind Number(int column, out double value);

    /// <summary>A field of the row as it may stand in a message.</summary>
    internal virtual string Show(int column) => DataText.Show(Text(column));

    /// <summary>A field as a label or category: blanks around it do not count.</summary>
    /// <exception cref="DataException">It holds NUL characters: a file with holes, or none of text.</exception>
    internal string Label(int column)
    {
        string label = Text(column).Trim(' ', '\t');
        return !label.Contains('\0')
            ? label
            : throw Error(column, $"'{DataText.Show(label)}' holds NUL characters; give a CSV file of text.");
    }

    /// <summary>An error of content, or that the source has changed, which explains it.</summary>
    internal DataException ErrorUnlessChanged(string message)
    {
        try
        {
            ThrowIfChanged();
        }
        catch (DataException changed)
        {
            return changed;
        }

        return new DataException(message);
    }

    /// <summary>The error of a source without a single row.</summary>
    internal DataException NoRows() =>
        new($"Data file '{Source.Name}' has a header but no rows; give a file with a header and rows.");

    /// <summary>Row and column in words.</summary>
    internal virtual string Place(int column) => $"row {Math.Max(Row, 1)}, column {ColumnName(column)}";

    /// <summary>Reads what is left and compares the hash.</summary>
    private protected abstract void ThrowIfChanged();

    /// <summary>A column in messages: its name, or its number where it has none.</summary>
    private protected string ColumnName(int column) =>
        column < Columns.Length ? $"'{DataText.Show(Columns[column])}'" : $"{column + 1}";

    /// <summary>Closes the source.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    private protected abstract void Dispose(bool disposing);

    private string Hint(string name)
    {
        if (NearestName.Of(name, Columns) is { } near)
        {
            return $" (did you mean '{DataText.Show(near)}'?)";
        }

        bool numbers = Columns.All(column => CsvNumber.Parse(column, out _) is CellKind.Number or CellKind.Missing);
        return numbers ? " (if its first line is a row, not a header, name the columns in data.columns)" : "";
    }
}
