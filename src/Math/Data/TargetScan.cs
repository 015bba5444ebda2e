using System.Collections.Immutable;
using System.Globalization;

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

    private readonly RowReader _reader;
    private readonly int _column;
    private readonly OutputUnit? _output;
    private readonly RowParser _targets;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private bool _tooMany;
    private bool _anyText;
    private string? _notFinite;

    private TargetScan(RowReader reader, ImmutableArray<int> targets, OutputUnit? output)
    {
        (_reader, _column, _output) = (reader, targets[0], output);
        _targets = new RowParser(reader, new ColumnSelection([], targets), null);
    }

    /// <summary>The output unit.</summary>
    public OutputUnit OutputUnit { get; private set; }

    /// <summary>Names of the classes in class order; empty for a regression.</summary>
    public ImmutableArray<string> ClassNames { get; private set; } = [];

    /// <summary>Rows of each class; for a regression one number.</summary>
    public ImmutableArray<int> ClassRows { get; private set; } = [];

    /// <summary>Rows without a target, which are left out.</summary>
    public int WithoutTarget { get; private set; }

    /// <summary>Reads the targets of all rows.</summary>
    /// <param name="reader">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="output">The output unit asked for; null: from the target.</param>
    /// <param name="features">Takes the features of the same rows; null: they need no look.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    public static TargetScan Read(
        RowReader reader,
        ColumnSelection columns,
        OutputUnit? output,
        ColumnScan? features,
        CancellationToken cancellationToken)
    {
        ImmutableArray<int> targets = columns.Targets;
        if (targets.Length > 1 && output is OutputUnit.Sigmoid or OutputUnit.Softmax)
        {
            throw new DataException(
                $"model.output is {Name(output.Value)} but data.target names {targets.Length} columns; " +
                "several targets need linear.");
        }

        var scan = new TargetScan(reader, targets, output);
        bool regression = targets.Length > 1 || output == OutputUnit.Linear;
        float[] values = new float[targets.Length];
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scan._targets.HasTargets())
            {
                scan.WithoutTarget++;
                continue;
            }

            features?.Add();
            if (regression)
            {
                scan._targets.Targets(values);
            }
            else
            {
                scan.Add();
            }
        }

        int rows = reader.Row - scan.WithoutTarget;
        if (rows == 0)
        {
            throw reader.Row == 0 ? reader.NoRows() : NoTargets(reader, columns);
        }

        if (regression || !scan.TryFinishClasses())
        {
            scan.OutputUnit = OutputUnit.Linear;
            scan.ClassRows = [rows];
        }

        return scan;
    }

    /// <summary>The error of a source with rows but without a target in any of them.</summary>
    public static DataException NoTargets(RowReader reader, ColumnSelection columns) => reader.ErrorUnlessChanged(
        $"'{reader.Source.Name}' has no value in {Names(reader, columns)} in any of its {reader.Row} rows; " +
        "check the target.");

    /// <summary>The warning about rows without a target.</summary>
    public static string LeftOut(RowReader reader, ColumnSelection columns, int rows) =>
        $"{rows} of the {reader.Row} rows of '{reader.Source.Name}' have no value in {Names(reader, columns)}; they " +
        "are left out.";

    private static string Names(RowReader reader, ColumnSelection columns) =>
        $"'{DataText.List([.. columns.Targets.Select(index => reader.Columns[index])])}'";

    private static string Name(OutputUnit unit) => unit.ToString().ToLowerInvariant();

    private void Add()
    {
        CellKind kind = _reader.Number(_column, out _);
        switch (kind)
        {
            case CellKind.Text when _tooMany:
                throw _reader.Error(_column, RowParser.TargetReason(kind, _reader.Show(_column)));
            case CellKind.Text:
                _anyText = true;
                break;
            case CellKind.NotFinite or CellKind.OutOfRange:
                // Among texts this is a label like any other; among numbers it is an error.
                _notFinite ??= $"'{_reader.Source.Name}' {_reader.Place(_column)}: " +
                    RowParser.TargetReason(kind, _reader.Show(_column));
                break;
        }

        if (_tooMany)
        {
            return;
        }

        string label = _reader.Label(_column);
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
            CsvNumber.Parse(label, out double value);
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
