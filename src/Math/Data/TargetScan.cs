using System.Collections.Immutable;
using System.Globalization;
using System.Text;

using Trainer.Models;

namespace Trainer.Data;

/// <summary>What one pass over the targets tells: kind of the task, classes, rows.</summary>
/// <remarks>
/// Without a requested output unit, text or at most 20 distinct whole numbers are classes (two: a sigmoid unit; more:
/// softmax), everything else is a regression. Numeric classes ascend, text classes are sorted by ordinal; of two the
/// second is the positive one.
/// </remarks>
internal sealed class TargetScan
{
    private const int MostWholeClasses = 20;
    private const int MostClasses = 10_000;

    private readonly CsvReader _reader;
    private readonly int _column;
    private readonly OutputUnit? _output;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private bool _tooMany;
    private bool _anyText;
    private string? _notFinite;

    private TargetScan(CsvReader reader, int column, OutputUnit? output)
    {
        (_reader, _column, _output) = (reader, column, output);
    }

    /// <summary>The output unit.</summary>
    public OutputUnit OutputUnit { get; private set; }

    /// <summary>Names of the classes in class order; empty for a regression.</summary>
    public ImmutableArray<string> ClassNames { get; private set; } = [];

    /// <summary>Rows of each class; for a regression one number.</summary>
    public ImmutableArray<int> ClassRows { get; private set; } = [];

    /// <summary>Reads the targets of all rows.</summary>
    public static TargetScan Read(
        CsvReader reader, ImmutableArray<int> targets, OutputUnit? output, CancellationToken cancellationToken)
    {
        if (targets.Length > 1 && output is OutputUnit.Sigmoid or OutputUnit.Softmax)
        {
            throw new DataException(
                $"model.output is {Name(output.Value)} but data.target names {targets.Length} columns; " +
                "several targets need linear.");
        }

        var scan = new TargetScan(reader, targets[0], output);
        bool regression = targets.Length > 1 || output == OutputUnit.Linear;
        var numbers = new RowParser(reader, new ColumnSelection([], targets), null);
        float[] values = new float[targets.Length];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (regression)
            {
                numbers.Targets(values);
            }
            else
            {
                scan.Add();
            }
        }

        if (reader.Row == 0)
        {
            throw reader.NoRows();
        }

        if (regression || !scan.TryFinishClasses())
        {
            scan.OutputUnit = OutputUnit.Linear;
            scan.ClassRows = [reader.Row];
        }

        return scan;
    }

    private static string Name(OutputUnit unit) => unit.ToString().ToLowerInvariant();

    private void Add()
    {
        ReadOnlySpan<byte> field = _reader.Bytes(_column);
        CellKind kind = CsvNumber.Parse(field, out _);
        switch (kind)
        {
            case CellKind.Missing:
            case CellKind.Text when _tooMany:
                throw _reader.Error(_column, RowParser.TargetReason(kind, field));
            case CellKind.Text:
                _anyText = true;
                break;
            case CellKind.NotFinite or CellKind.OutOfRange:
                // Among texts this is a label like any other; among numbers it is an error.
                _notFinite ??=
                    $"'{_reader.Source.Name}' {_reader.Place(_column)}: {RowParser.TargetReason(kind, field)}";
                break;
        }

        if (_tooMany)
        {
            return;
        }

        string label = ClassLabels.TextOf(_reader, _column);
        _counts[label] = _counts.GetValueOrDefault(label) + 1;
        if (_counts.Count > MostClasses)
        {
            StopCounting();
        }
    }

    // So many values are a regression, or no target at all: an identifier, a free text.
    private void StopCounting()
    {
        if (_anyText || _output is not null)
        {
            throw _reader.Error(
                _column,
                $"the target has more than {MostClasses} classes; choose another target, " +
                "or write it as numbers with model.output linear.");
        }

        _tooMany = true;
        _counts.Clear();
    }

    private bool TryFinishClasses()
    {
        if (_notFinite is not null && !_anyText)
        {
            throw new DataException(_notFinite);
        }

        if (_tooMany)
        {
            return false;
        }

        if (_anyText)
        {
            ImmutableArray<string> names = [.. _counts.Keys.Order(StringComparer.Ordinal)];
            SetClasses(names, [.. names.Select(name => _counts[name])]);
            return true;
        }

        SortedDictionary<double, int> numbers = Numbers();
        if (_output is null && !(numbers.Count <= MostWholeClasses && numbers.Keys.All(double.IsInteger)))
        {
            return false;
        }

        IEnumerable<string> keys = numbers.Keys.Select(key => key.ToString("R", CultureInfo.InvariantCulture));
        SetClasses([.. keys], [.. numbers.Values]);
        return true;
    }

    private void SetClasses(ImmutableArray<string> names, ImmutableArray<int> rows)
    {
        (ClassNames, ClassRows) = (names, rows);
        OutputUnit = Unit();
    }

    // Rows by value: "1" and "1.0" are one class.
    private SortedDictionary<double, int> Numbers()
    {
        SortedDictionary<double, int> rows = [];
        foreach ((string label, int count) in _counts)
        {
            CsvNumber.Parse(Encoding.UTF8.GetBytes(label), out double value);
            value += 0.0; // -0 is the class 0
            rows[value] = rows.GetValueOrDefault(value) + count;
        }

        return rows;
    }

    private OutputUnit Unit()
    {
        string target = $"target '{DataText.Show(_reader.Columns[_column])}' of '{_reader.Source.Name}'";
        if (ClassNames.Length == 1)
        {
            throw new DataException(
                $"The {target} is '{DataText.Show(ClassNames[0])}' in all {ClassRows[0]} rows; classes need " +
                "at least 2 values; check the target.");
        }

        if (_output == OutputUnit.Sigmoid && ClassNames.Length != 2)
        {
            throw new DataException(
                $"The {target} has {ClassNames.Length} classes ({DataText.List(ClassNames)}) but model.output is " +
                "sigmoid, which needs exactly 2; use softmax.");
        }

        return _output ?? (ClassNames.Length == 2 ? OutputUnit.Sigmoid : OutputUnit.Softmax);
    }
}
