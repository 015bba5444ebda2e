using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>What stands in a file, column by column.</summary>
/// <param name="Format"><c>csv</c>, <c>idx</c> or <c>npy</c>.</param>
/// <param name="Separator">Separator of the fields of a CSV file; null otherwise.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">The columns in file order.</param>
public sealed record FileInspection(
    string Format, char? Separator, int Rows, ImmutableArray<ColumnInspection> Columns)
{
    private const int MostDistinct = 1000;

    /// <summary>Reads a whole source.</summary>
    /// <param name="source">A file, a set of the catalogue, or a generator.</param>
    /// <param name="columns">Names of the columns of a CSV file without a header; empty: it has one.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <exception cref="DataException">The source is malformed.</exception>
    public static FileInspection Read(
        DataSource source, ImmutableArray<string> columns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        string format = RowSource.FormatOf(source);
        using RowReader reader = RowSource.Open(source, columns, []);
        Tally[] tallies = [.. reader.Columns.Select(_ => new Tally())];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int column = 0; column < tallies.Length; column++)
            {
                tallies[column].Add(reader, column);
            }
        }

        return new FileInspection(
            format,
            format == "csv" ? reader.Separator : null,
            reader.Row,
            [.. tallies.Select((tally, column) => tally.Finish(reader.Columns[column]))]);
    }

    private sealed class Tally
    {
        private readonly HashSet<string> _values = new(StringComparer.Ordinal);
        private double _minimum = double.PositiveInfinity;
        private double _maximum = double.NegativeInfinity;
        private int _missing;
        private int _numbers;
        private int _others;

        public void Add(RowReader reader, int column)
        {
            CellKind kind = reader.Number(column, out double value);
            if (kind == CellKind.Missing)
            {
                _missing++;
                return;
            }

            if (kind == CellKind.Number)
            {
                _numbers++;
                (_minimum, _maximum) = (Math.Min(_minimum, value), Math.Max(_maximum, value));
            }
            else
            {
                _others++;
            }

            if (_values.Count <= MostDistinct)
            {
                _values.Add(reader.Label(column));
            }
        }

        public ColumnInspection Finish(string name)
        {
            string type = _others > 0 ? "text" : _numbers > 0 ? "number" : "empty";
            bool isNumber = type == "number";
            return new ColumnInspection(
                name,
                type,
                _missing,
                _values.Count <= MostDistinct ? _values.Count : null,
                isNumber ? _minimum : null,
                isNumber ? _maximum : null,
                isNumber ? [] : [.. _values.Order(StringComparer.Ordinal).Select(value => DataText.Show(value))]);
        }
    }
}

/// <summary>A column of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>number</c>, <c>text</c>, or <c>empty</c> when every value is missing.</param>
/// <param name="Missing">Missing values.</param>
/// <param name="Distinct">Different values; null: more than 1,000.</param>
/// <param name="Minimum">Smallest number; null for text.</param>
/// <param name="Maximum">Largest number; null for text.</param>
/// <param name="Categories">Different texts, sorted by ordinal; empty for numbers.</param>
public sealed record ColumnInspection(
    string Name,
    string Type,
    int Missing,
    int? Distinct,
    double? Minimum,
    double? Maximum,
    ImmutableArray<string> Categories);
