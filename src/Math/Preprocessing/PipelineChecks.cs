using System.Collections.Immutable;

namespace Trainer.Preprocessing;

/// <summary>What a pipeline must be, wherever it was read from.</summary>
internal static class PipelineChecks
{
    /// <summary>Most inputs that powers and products may lead to.</summary>
    public const int MostInputs = 100_000;

    /// <summary>Highest power of a column.</summary>
    public const int MostDegree = 16;

    /// <summary>What is wrong with a pipeline; null: nothing.</summary>
    public static string? Problem(PipelineJson data)
    {
        ImmutableArray<string>[] names = [data.Features, data.Targets, data.Classes, data.Columns];
        if (data.Offsets.IsDefault || data.Scales.IsDefault || names.Any(IsMissing))
        {
            return "a list is null";
        }

        if (names.Any(list => list.Distinct().Count() != list.Length))
        {
            return "a name stands twice";
        }

        if (data.Features.IsEmpty || data.Targets.IsEmpty)
        {
            return "it has no features or no targets";
        }

        if (data.Classes.Length == 1 || (!data.Classes.IsEmpty && data.Targets.Length > 1))
        {
            return "its classes do not fit its targets";
        }

        int scales = data.Numeric == NumericScaling.None ? 0 : data.Features.Length;
        if (data.Offsets.Length != scales || data.Scales.Length != scales)
        {
            return $"it needs {scales} offsets and scales";
        }

        return data.Offsets.All(double.IsFinite) && data.Scales.All(scale => double.IsFinite(scale) && scale >= 0)
            ? ProblemOfEncoders(data)
            : "an offset or scale is not a number";
    }

    private static string? ProblemOfEncoders(PipelineJson data)
    {
        if (data.Degree is < 1 or > MostDegree)
        {
            return $"its degree is {data.Degree}";
        }

        // Files of before there were encoders have none: numbers without replacements.
        if (data.Encoders.IsDefaultOrEmpty)
        {
            return null;
        }

        if (data.Encoders.Length != data.Features.Length || data.Encoders.Contains(null!))
        {
            return $"it needs {data.Features.Length} encoders";
        }

        return data.Encoders.Select(ProblemOf).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemOf(ColumnJson column)
    {
        if (column.Categories is not { } categories)
        {
            return column.Mode is null && double.IsFinite(column.Fill ?? 0)
                ? null
                : "a replacement is not a number";
        }

        return IsMissing(categories) || categories.Distinct().Count() != categories.Length ? "a category stands twice"
            : column.Fill is not null || (column.Mode is { } mode && !categories.Contains(mode))
                ? "a replacement is not a category"
            : null;
    }

    private static bool IsMissing(ImmutableArray<string> names) => names.IsDefault || names.Contains(null!);
}
