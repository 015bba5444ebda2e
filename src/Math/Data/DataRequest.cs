using System.Collections.Immutable;

using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>Everything that decides which numbers the core sees.</summary>
/// <param name="Source">Where rows come from.</param>
/// <param name="Targets">Names of the target columns; empty: the catalogue set's own.</param>
/// <param name="Include">Feature columns; empty: all but the targets.</param>
/// <param name="Exclude">Columns left out of the features.</param>
/// <param name="Columns">Names of the columns of a file without a header; empty: the file has a header.</param>
/// <param name="Train">Fraction of the training part.</param>
/// <param name="Validation">Fraction of the validation part; may be 0.</param>
/// <param name="Test">Fraction of the test part; may be 0.</param>
/// <param name="Stratify">Keep the classes' shares in each part.</param>
/// <param name="Numeric">Scaling of numeric columns.</param>
/// <param name="Output">
/// Output unit that decides the target's kind; null: from the target (text or at most 20 whole numbers: classes).
/// </param>
/// <param name="Seed">The job's seed.</param>
public sealed record DataRequest(
    DataSource Source,
    ImmutableArray<string> Targets,
    ImmutableArray<string> Include,
    ImmutableArray<string> Exclude,
    ImmutableArray<string> Columns,
    double Train,
    double Validation,
    double Test,
    bool Stratify,
    NumericScaling Numeric,
    OutputUnit? Output,
    ulong Seed)
{
    /// <summary>Where the test part comes from; null: from <see cref="Source"/>, by its fraction.</summary>
    public DataSource? TestSource { get; init; }

    /// <summary>The column with the weight of each training row, which is no feature; null: all weigh 1.</summary>
    public string? Weights { get; init; }

    /// <summary>One fold of a cross-validation; null: the parts are the fractions.</summary>
    public FoldSplit? Fold { get; init; }

    /// <summary>How text columns become numbers.</summary>
    public CategoricalEncoding Categorical { get; init; }

    /// <summary>Whether a column with missing values in the training rows gets an input that tells which.</summary>
    public bool MissingIndicator { get; init; }

    /// <summary>Highest power of numeric columns; 1 adds none.</summary>
    public int Degree { get; init; } = 1;

    /// <summary>Whether products of numeric columns are added.</summary>
    public bool Interactions { get; init; }
}
