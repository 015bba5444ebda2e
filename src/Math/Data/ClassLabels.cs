using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>
/// The classes of a target and which field means which: numbers by value ("1.0" is class 1), texts by their characters.
/// </summary>
internal sealed class ClassLabels
{
    private readonly Dictionary<double, int>? _numbers;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    /// <summary>The classes with these names; they are numbers when all names are.</summary>
    public ClassLabels(ImmutableArray<string> names)
    {
        Names = names;
        Dictionary<double, int> numbers = [];
        for (int index = 0; index < names.Length; index++)
        {
            _texts.Add(names[index], index);
            if (CsvNumber.Parse(names[index], out double value) == CellKind.Number)
            {
                numbers.TryAdd(value, index);
            }
        }

        _numbers = numbers.Count == names.Length ? numbers : null;
    }

    /// <summary>Names in class order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The class of a field of the reader's row.</summary>
    /// <exception cref="DataException">The field is none of the classes.</exception>
    public int ClassOf(RowReader reader, int column)
    {
        int index;
        bool known = _numbers is null
            ? _texts.TryGetValue(reader.Label(column), out index)
            : _numbers.TryGetValue(NumberOf(reader, column), out index);
        return known ? index : throw reader.Error(
            column,
            $"'{reader.Show(column)}' is none of the classes {DataText.List(Names)}; " +
            "correct it or remove the row.");
    }

    // NaN, which is no class, for what is no number.
    private static double NumberOf(RowReader reader, int column) =>
        reader.Number(column, out double value) == CellKind.Number ? value : double.NaN;
}
