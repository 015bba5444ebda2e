using System.Collections.Immutable;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>Turns the field of one column into its inputs: impute, encode, scale.</summary>
internal sealed class ColumnEncoder
{
    private const double UnseenCode = -1;

    private readonly ColumnJson _column;
    private readonly Dictionary<string, int>? _codes;
    private readonly bool _oneHot;
    private readonly (double Offset, double Scale)? _scaling;

    /// <summary>An encoder.</summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="column">What was fitted.</param>
    /// <param name="encoding">How text becomes numbers.</param>
    /// <param name="scaling">Offset and scale of numbers; null: none.</param>
    public ColumnEncoder(
        string name, ColumnJson column, CategoricalEncoding encoding, (double Offset, double Scale)? scaling)
    {
        (Name, _column, _scaling) = (name, column, scaling);
        _oneHot = column.Categories is not null && encoding == CategoricalEncoding.OneHot;
        _codes = column.Categories?.Select((category, code) => (category, code))
            .ToDictionary(pair => pair.category, pair => pair.code, StringComparer.Ordinal);
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Whether the column is numbers.</summary>
    public bool IsNumeric => _codes is null;

    /// <summary>Whether a number becomes one input, by its scaling alone.</summary>
    public bool IsPlainNumber => IsNumeric && !_column.Indicator;

    /// <summary>Offset and scale of numbers.</summary>
    public (double Offset, double Scale) Scaling => _scaling ?? (0, 1);

    /// <summary>Inputs of the column.</summary>
    public int Width => (_oneHot ? _codes!.Count : 1) + (_column.Indicator ? 1 : 0);

    /// <summary>Names of the inputs.</summary>
    public IEnumerable<string> InputNames
    {
        get
        {
            ImmutableArray<string> own = _oneHot ? [.. _column.Categories!.Value.Select(c => $"{Name}={c}")] : [Name];
            return _column.Indicator ? own.Append($"{Name} missing") : own;
        }
    }

    /// <summary>Encodes the field of the row in hand.</summary>
    /// <param name="reader">Has the row.</param>
    /// <param name="column">The column.</param>
    /// <param name="inputs">Receives the inputs, shape [<see cref="Width"/>].</param>
    /// <returns>False for a category that training did not have.</returns>
    /// <exception cref="DataException">The field cannot be used.</exception>
    public bool Encode(RowReader reader, int column, Span<double> inputs)
    {
        CellKind kind = reader.Number(column, out double number);
        bool isMissing = kind == CellKind.Missing;
        bool known = true;
        if (_codes is null)
        {
            inputs[0] = Scale(NumberOf(reader, column, kind, number));
        }
        else
        {
            string? text = isMissing ? _column.Mode : reader.Label(column);
            int code = -1;
            bool found = text is not null && _codes.TryGetValue(text, out code);
            known = found || text is null;
            SetCategory(found ? code : -1, inputs);
        }

        if (_column.Indicator)
        {
            inputs[^1] = isMissing ? 1 : 0;
        }

        return known;
    }

    private double NumberOf(RowReader reader, int column, CellKind kind, double number)
    {
        if (kind == CellKind.Number)
        {
            return number;
        }

        if (kind == CellKind.Missing && _column.Fill is { } fill)
        {
            return fill;
        }

        string value = reader.Show(column);
        throw reader.Error(column, kind switch
        {
            CellKind.Missing =>
                $"'{value}' is a missing value, for which the model has no replacement; fill it in or remove the row.",
            CellKind.Text => $"'{value}' is not a number, as all values of the column were in training; correct it.",
            _ => RowParser.Reason(kind, value),
        });
    }

    private void SetCategory(int code, Span<double> inputs)
    {
        if (!_oneHot)
        {
            inputs[0] = Scale(code < 0 ? UnseenCode : code);
            return;
        }

        inputs.Clear();
        if (code >= 0)
        {
            inputs[code] = 1;
        }
    }

    private double Scale(double value) => _scaling is not { } scaling ? value
        : scaling.Scale == 0 ? 0
        : (value - scaling.Offset) / scaling.Scale;
}
