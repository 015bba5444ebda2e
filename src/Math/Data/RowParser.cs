using System.Text.Unicode;

using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>Turns the row a reader has in hand into numbers.</summary>
/// <param name="reader">The reader.</param>
/// <param name="columns">The columns to use.</param>
/// <param name="labels">Classes of the target; null for a regression.</param>
internal sealed class RowParser(CsvReader reader, ColumnSelection columns, ClassLabels? labels)
{
    private readonly double[] _row = new double[columns.Features.Length];

    /// <summary>The features as they stand in the file; valid until the next call.</summary>
    public ReadOnlySpan<double> Features()
    {
        for (int i = 0; i < _row.Length; i++)
        {
            int column = columns.Features[i];
            CellKind kind = CsvNumber.Parse(reader.Bytes(column), out _row[i]);
            if (kind != CellKind.Number)
            {
                throw reader.Error(column, FeatureReason(kind, column));
            }
        }

        return _row;
    }

    /// <summary>The features after preprocessing.</summary>
    /// <param name="pipeline">The preprocessing.</param>
    /// <param name="features">Receives them, shape [I].</param>
    public void Features(FittedPipeline pipeline, Span<float> features)
    {
        int failed = pipeline.Transform(Features(), features);
        if (failed >= 0)
        {
            int column = columns.Features[failed];
            throw reader.Error(
                column,
                $"'{DataText.Show(reader.Bytes(column))}' is outside the range of 32-bit numbers once it is scaled " +
                "like the training rows; correct it or remove the row.");
        }
    }

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
            CellKind kind = CsvNumber.Parse(reader.Bytes(column), out double value);
            targets[i] = kind == CellKind.Number
                ? (float)value
                : throw reader.Error(column, TargetReason(kind, reader.Bytes(column)));
        }
    }

    /// <summary>Why a field cannot be a numeric target, and what to do.</summary>
    public static string TargetReason(CellKind kind, ReadOnlySpan<byte> field) => kind switch
    {
        CellKind.Missing => $"'{DataText.Show(field)}' is a missing target; fill it in or remove the row.",
        CellKind.Text =>
            $"'{DataText.Show(field)}' is not a number, which a regression needs; correct it or set model.output.",
        _ => Reason(kind, field),
    };

    private static string Reason(CellKind kind, ReadOnlySpan<byte> field) => kind == CellKind.NotFinite
        ? $"'{DataText.Show(field)}' is not a finite number; correct it or remove the row."
        : $"'{DataText.Show(field)}' is outside the range of 32-bit numbers (3.4e38); correct it or remove the row.";

    private string FeatureReason(CellKind kind, int column)
    {
        ReadOnlySpan<byte> field = reader.Bytes(column);
        string value = DataText.Show(field);
        string name = DataText.Show(reader.Columns[column]);
        return kind switch
        {
            CellKind.Text when !Utf8.IsValid(field) =>
                $"'{value}' is not valid UTF-8; save the file as UTF-8, or exclude column '{name}'.",
            CellKind.Missing =>
                $"'{value}' is a missing value, and imputation is not built yet; fill it in, remove the row or " +
                $"exclude column '{name}'.",
            CellKind.Text when reader.Row == 1 && !reader.HasHeader =>
                $"'{value}' is not a number; if this row is a header, leave data.columns out; else exclude column " +
                $"'{name}'.",
            CellKind.Text when field.Contains((byte)',') =>
                $"'{value}' is not a number; write the decimal point as '.', or exclude column '{name}'.",
            CellKind.Text =>
                $"'{value}' is not a number, and categorical features are not built yet; exclude column '{name}' or " +
                "write it as numbers.",
            _ => Reason(kind, field),
        };
    }
}
