using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trainer.Preprocessing;

/// <summary>How one feature column is read, as it stands in JSON.</summary>
internal sealed record ColumnJson
{
    /// <summary>Categories of a text column, sorted by ordinal; null: numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Categories { get; init; }

    /// <summary>What replaces a missing number: the median; null: it is an error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Fill { get; init; }

    /// <summary>What replaces a missing text: the most frequent category; null: there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; init; }

    /// <summary>Whether an input says which values are missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Indicator { get; init; }
}
