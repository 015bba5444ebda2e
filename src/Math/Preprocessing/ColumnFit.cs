using System.Collections.Immutable;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>Learns from training rows how one feature column becomes inputs.</summary>
/// <param name="reader">Has the rows.</param>
/// <param name="column">The column.</param>
/// <param name="isText">Whether it is text.</param>
/// <param name="hasMissing">Whether a value is missing in any row.</param>
internal sealed class ColumnFit(RowReader reader, int column, bool isText, bool hasMissing)
{
    /// <summary>Most categories of a column; more is no category but an identifier or a free text.</summary>
    public const int MostCategories = 1000;

    private readonly ColumnStatistics _statistics = new();
    private readonly Median? _median = reader.IsNumeric || isText ? null : new Median();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    // Values in row order, null for a missing one: the statistics are those of the imputed column.
    private readonly List<double?>? _values = hasMissing && !isText ? [] : null;
    private readonly List<string?>? _texts = isText ? [] : null;

    /// <summary>Whether a training row has a value.</summary>
    private bool HasValues { get; set; }

    /// <summary>Whether a training row lacks one.</summary>
    private bool HasMissing { get; set; }

    private string Name => DataText.Show(reader.Columns[column]);

    /// <summary>Takes the row in hand.</summary>
    /// <param name="train">Whether it is a training row; others only tell which categories training lacks.</param>
    public void Add(bool train)
    {
        bool isMissing = reader.Number(column, out double number) == CellKind.Missing;
        if (!train)
        {
            if (isText && !isMissing && _others.Count <= MostCategories)
            {
                _others.Add(reader.Label(column));
            }

            return;
        }

        HasValues |= !isMissing;
        HasMissing |= isMissing;
        if (isText)
        {
            AddText(isMissing ? null : reader.Label(column));
        }
        else
        {
            AddNumber(isMissing ? null : number);
        }
    }

    /// <summary>What was learned.</summary>
    /// <param name="scaling">Scaling of numbers.</param>
    /// <param name="indicator">Whether missing values get an input of their own.</param>
    /// <param name="warnings">Receives what the user should know.</param>
    public (ColumnJson Column, double Offset, double Scale) Finish(
        NumericScaling scaling, bool indicator, ICollection<string> warnings)
    {
        if (!HasValues)
        {
            warnings.Add($"column '{Name}' has no values in the training rows; it counts as 0 in every row.");
        }

        bool flag = indicator && HasMissing;
        return isText ? FinishText(scaling, flag, warnings) : FinishNumbers(scaling, flag);
    }

    private void AddNumber(double? number)
    {
        if (number is { } value)
        {
            _median?.Add(value);
        }

        if (_values is not null)
        {
            _values.Add(number);
        }
        else if (number is { } present)
        {
            _statistics.Add(present);
        }
    }

    private void AddText(string? text)
    {
        if (text is not null)
        {
            int count = _counts.GetValueOrDefault(text);
            _counts[text] = count + 1;
            if (_counts.Count > MostCategories)
            {
                throw reader.Error(
                    column,
                    $"the column is text with more than {MostCategories} categories, such as " +
                    $"'{DataText.Show(text)}'; exclude it: data.features.exclude: ['{Name}'].");
            }
        }

        _texts!.Add(text);
    }

    private (ColumnJson Column, double Offset, double Scale) FinishNumbers(NumericScaling scaling, bool flag)
    {
        double? fill = _median is null ? null : _median.Value() ?? 0;
        foreach (double? value in _values ?? [])
        {
            _statistics.Add(value ?? fill ?? 0);
        }

        (double offset, double scale) = HasValues ? _statistics.Fit(scaling) : (0, 0);
        return (new ColumnJson { Fill = fill, Indicator = flag }, offset, scale);
    }

    private (ColumnJson Column, double Offset, double Scale) FinishText(
        NumericScaling scaling, bool flag, ICollection<string> warnings)
    {
        ImmutableArray<string> categories = [.. _counts.Keys.Order(StringComparer.Ordinal)];

        // The most frequent one; of equals the first by ordinal.
        string? mode = categories.IsEmpty ? null : categories.MaxBy(category => _counts[category]);
        int unseen = _others.Count(category => !_counts.ContainsKey(category));
        if (unseen > 0 && HasValues)
        {
            warnings.Add(
                $"column '{Name}' has {unseen} {(unseen == 1 ? "category" : "categories")} outside of the training " +
                "rows only; the model does not know them.");
        }

        var codes = categories.Select((category, index) => (category, index))
            .ToDictionary(pair => pair.category, pair => pair.index, StringComparer.Ordinal);
        foreach (string? text in _texts!)
        {
            string? imputed = text ?? mode;
            _statistics.Add(imputed is null ? -1 : codes[imputed]);
        }

        (double offset, double scale) = HasValues ? _statistics.Fit(scaling) : (0, 0);
        return (new ColumnJson { Categories = categories, Mode = mode, Indicator = flag }, offset, scale);
    }
}
