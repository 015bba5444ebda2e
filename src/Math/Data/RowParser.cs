using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>Turns the row a reader has in hand into numbers.</summary>
/// <param name="reader">The reader.</param>
/// <param name="columns">The columns to use.</param>
/// <param name="labels">Classes of the target; null for a regression.</param>
internal sealed class RowParser(RowReader reader, ColumnSelection columns, ClassLabels? labels)
{
    // Only the ratio of weights counts, and sums of gradients times larger ones leave the range of 32-bit numbers.
    private const double LargestWeight = 1e9;
    private const double SmallestWeight = 1e-9;

    private string? _unseen;
    private long _unseenValues;

    /// <summary>
    /// One line about categories that training did not have, of which there is an example; null: there were none.
    /// </summary>
    public string? Warning => _unseen is null ? null
        : $"{_unseen} is a category that the training rows did not have; the {_unseenValues} such " +
            $"{(_unseenValues == 1 ? "value" : "values")} of '{reader.Source.Name}' count as none of the categories.";

    /// <summary>Whether all targets of the row are there.</summary>
    public bool HasTargets()
    {
        foreach (int column in columns.Targets)
        {
            if (reader.Number(column, out _) == CellKind.Missing)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The features after preprocessing.</summary>
    /// <param name="pipeline">The preprocessing.</param>
    /// <param name="features">Receives them, shape [I].</param>
    public void Features(FittedPipeline pipeline, Span<float> features)
    {
        int failed = pipeline.Transform(reader, columns.Features, features, NoteUnseen);
        if (failed >= 0)
        {
            int column = columns.Features[failed];
            throw reader.Error(
                column,
                $"'{reader.Show(column)}' is outside the range of 32-bit numbers once it is scaled " +
                "like the training rows; correct it or remove the row.");
        }
    }

    /// <summary>The features as the bytes that they are in the source.</summary>
    /// <param name="features">Receives them, one of each feature column.</param>
    public void Bytes(Span<byte> features) => reader.CopyBytes(columns.Features, features);

    /// <summary>The class of the row.</summary>
    public int Class() => labels!.ClassOf(reader, columns.Targets[0]);

    /// <summary>The targets as the core wants them: the index of the class, or one value a target.</summary>
    public void Targets(Span<float> targets)
    {
        if (labels is not null)
        {
            targets[0] = Class();
            return;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            int column = columns.Targets[i];
            CellKind kind = reader.Number(column, out double value);
            targets[i] = kind == CellKind.Number
                ? (float)value
                : throw reader.Error(column, TargetReason(kind, reader.Show(column)));
        }
    }

    /// <summary>The weight of the row, raw; 1 where no column has weights.</summary>
    public float Weight()
    {
        if (columns.Weights is not { } column)
        {
            return 1f;
        }

        CellKind kind = reader.Number(column, out double value);
        return kind == CellKind.Number && (value is 0 or (>= SmallestWeight and <= LargestWeight))
            ? (float)value
            : throw reader.Error(
                column,
                $"'{reader.Show(column)}' is no weight; data.weights needs 0 or a number from 1e-9 to 1e9 in each row; "
                + "correct or scale it.");
    }

    /// <summary>Why a field cannot be a numeric target, and what to do.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="shown">The field as it may stand in a message.</param>
    public static string TargetReason(CellKind kind, string shown) => kind switch
    {
        CellKind.Missing => $"'{shown}' is a missing target; fill it in or remove the row.",
        CellKind.Text =>
            $"'{shown}' is not a number, which a regression needs; correct it or set model.output.",
        _ => Reason(kind, shown),
    };

    /// <summary>Why a field is a number that cannot be used.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="shown">The field as it may stand in a message.</param>
    public static string Reason(CellKind kind, string shown) => kind == CellKind.NotFinite
        ? $"'{shown}' is not a finite number; correct it or remove the row."
        : $"'{shown}' is outside the range of 32-bit numbers (3.4e38); correct it or remove the row.";

    private void NoteUnseen(int feature)
    {
        int column = columns.Features[feature];
        _unseenValues++;
        _unseen ??= $"'{reader.Source.Name}' {reader.Place(column)}: '{reader.Show(column)}'";
    }
}
