using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>What a pass over all rows tells about feature columns: numbers or text.</summary>
/// <remarks>
/// A column is text when any of its values is neither a number nor missing. Among texts, NaN and numbers out of range
/// are categories like any other; among numbers they are errors.
/// </remarks>
internal sealed class ColumnScan(RowReader reader, ImmutableArray<int> columns)
{
    private readonly Tally[] _tallies = [.. columns.Select(_ => new Tally())];

    /// <summary>Takes the row that the reader has in hand.</summary>
    public void Add()
    {
        for (int i = 0; i < _tallies.Length; i++)
        {
            Tally tally = _tallies[i];
            CellKind kind = reader.Number(columns[i], out _);
            if (kind == CellKind.Number)
            {
                tally.Numbers++;
            }
            else if (kind == CellKind.Missing)
            {
                tally.Missing++;
            }
            else
            {
                AddOther(tally, columns[i], kind);
            }
        }
    }

    /// <summary>Which columns are text.</summary>
    /// <param name="warnings">Receives a line for each column that is mostly numbers.</param>
    /// <exception cref="DataException">A column of numbers has a value that cannot be used.</exception>
    public ImmutableArray<bool> Finish(ICollection<string> warnings)
    {
        for (int i = 0; i < _tallies.Length; i++)
        {
            Tally tally = _tallies[i];
            string name = DataText.Show(reader.Columns[columns[i]]);
            if (tally.Texts == 0 && tally.BadNumber is { } error)
            {
                throw reader.ErrorUnlessChanged(error);
            }

            if (tally.Texts > 0 && tally.Texts == tally.DecimalCommas)
            {
                throw reader.ErrorUnlessChanged(
                    $"{tally.FirstText} is not a number; write the decimal point as '.', or exclude column '{name}'.");
            }

            if (tally.Texts > 0 && tally.Numbers > tally.Texts)
            {
                warnings.Add(
                    $"column '{name}' is read as text although {tally.Numbers} of its values are numbers, because of " +
                    $"{tally.FirstText}.");
            }
        }

        return [.. _tallies.Select(tally => tally.Texts > 0)];
    }

    /// <summary>Values of a column that are missing.</summary>
    public int Missing(int index) => _tallies[index].Missing;

    private void AddOther(Tally tally, int column, CellKind kind)
    {
        if (kind != CellKind.Text)
        {
            tally.BadNumber ??= $"'{reader.Source.Name}' {reader.Place(column)}: " +
                RowParser.Reason(kind, reader.Show(column));
            return;
        }

        tally.Texts++;
        if (tally.Texts == 1 || tally.Texts - 1 == tally.DecimalCommas)
        {
            string text = TextOf(column);
            tally.FirstText ??= $"'{reader.Source.Name}' {reader.Place(column)}: '{DataText.Show(text)}'";
            tally.DecimalCommas += IsDecimalComma(text) ? 1 : 0;
        }
    }

    private string TextOf(int column)
    {
        try
        {
            return reader.Label(column);
        }
        catch (DataException)
        {
            throw reader.Error(
                column,
                $"'{reader.Show(column)}' is not valid UTF-8; save the file as UTF-8, or exclude column " +
                $"'{DataText.Show(reader.Columns[column])}'.");
        }
    }

    private static bool IsDecimalComma(string text) =>
        text.Count(character => character == ',') == 1
        && CsvNumber.Parse(text.Replace(',', '.'), out _) == CellKind.Number;

    private sealed class Tally
    {
        public int Numbers { get; set; }

        public int Missing { get; set; }

        public int Texts { get; set; }

        public int DecimalCommas { get; set; }

        public string? FirstText { get; set; }

        public string? BadNumber { get; set; }
    }
}
