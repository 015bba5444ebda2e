using System.Collections.Immutable;
using System.Globalization;

namespace Trainer.Data;

/// <summary>Rows of an IDX or NPY file, with the labels of a second one beside them.</summary>
/// <remarks>
/// Columns of images [n, height, width] are <c>pixel_ROW_COLUMN</c>, of tables <c>column_N</c>; labels are
/// <c>label</c>, or <c>label_N</c> where there are several a row.
/// </remarks>
internal sealed class ArrayReader : RowReader
{
    private readonly ArrayFile _features;
    private readonly ArrayFile? _labels;
    private readonly int _width;
    private readonly bool _integers;

    /// <summary>Opens the files.</summary>
    /// <exception cref="DataException">A file cannot be read, or they have different numbers of rows.</exception>
    public ArrayReader(DataSource source)
        : base(source)
    {
        _features = new ArrayFile(source);
        try
        {
            _labels = source.Labels is { } labels ? new ArrayFile(labels) : null;
            if (_labels is not null && _labels.Header.Rows != _features.Header.Rows)
            {
                throw new DataException(
                    $"'{source.Name}' has {_features.Header.Rows} rows, but its label file '{source.Labels!.Name}' " +
                    $"has {_labels.Header.Rows}; give files that belong together.");
            }
        }
        catch
        {
            _labels?.Dispose();
            _features.Dispose();
            throw;
        }

        _width = _features.Header.Columns;
        _integers = _features.Header.Kind != 'f' && _labels?.Header.Kind != 'f';
        OwnTargets = [.. LabelNames()];
        Columns = [.. FeatureNames(), .. OwnTargets];
    }

    /// <inheritdoc/>
    internal override bool IsNumeric => _integers;

    /// <inheritdoc/>
    internal override ImmutableArray<string> OwnTargets { get; }

    /// <inheritdoc/>
    internal override bool AreBytes(ImmutableArray<int> columns) =>
        _features.HasBytes && columns.All(column => column < _width);

    /// <inheritdoc/>
    internal override void CopyBytes(ImmutableArray<int> columns, Span<byte> result)
    {
        ReadOnlySpan<byte> row = _features.Row;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = row[columns[i]];
        }
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        if (Row == _features.Header.Rows)
        {
            _features.Finish();
            _labels?.Finish();
            return false;
        }

        Row++;
        _features.Read(Row);
        _labels?.Read(Row);
        return true;
    }

    /// <inheritdoc/>
    public override string Text(int column) => Value(column).ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    internal override CellKind Number(int column, out double value)
    {
        value = Value(column);
        CellKind kind = float.IsFinite((float)value) ? CellKind.Number
            : double.IsFinite(value) ? CellKind.OutOfRange
            : CellKind.NotFinite;
        value = kind == CellKind.Number ? value : 0;
        return kind;
    }

    /// <inheritdoc/>
    private protected override void ThrowIfChanged()
    {
        _features.ThrowIfChanged();
        _labels?.ThrowIfChanged();
    }

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing)
    {
        _features.Dispose();
        _labels?.Dispose();
    }

    private double Value(int column) => column < _width ? _features[column] : _labels![column - _width];

    private IEnumerable<string> LabelNames() => _labels is null ? []
        : _labels.Header.Columns == 1 ? ["label"]
        : Enumerable.Range(1, _labels.Header.Columns).Select(column => $"label_{column}");

    private IEnumerable<string> FeatureNames()
    {
        ImmutableArray<long> shape = _features.Header.Shape;
        if (shape.Length != 3)
        {
            return Enumerable.Range(1, _width).Select(column => $"column_{column}");
        }

        return
            from row in Enumerable.Range(0, (int)shape[1])
            from column in Enumerable.Range(0, (int)shape[2])
            select $"pixel_{row}_{column}";
    }
}
