using System.Collections.Immutable;

namespace Trainer.Jobs;

/// <summary>Section <c>data</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.data-spec")]
public sealed record DataSpec
{
    /// <summary>
    /// Catalogue name, description of a generator, or path (the client makes it absolute when it resolves the job).
    /// </summary>
    [Id(0)] public string Source { get; init; } = "";

    /// <summary><c>auto</c>, <c>csv</c>, <c>idx</c> or <c>npy</c>.</summary>
    [Id(1)] public string Format { get; init; } = "auto";

    /// <summary>Target columns, or the label file of IDX and NPY; empty: the catalogue set's own.</summary>
    [Id(2)] public ImmutableArray<string> Target { get; init; } = [];

    /// <summary>Which columns are features.</summary>
    [Id(3)] public FeaturesSpec Features { get; init; } = new();

    /// <summary>Column names, where the file has no header; empty: it has one.</summary>
    [Id(4)] public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>The column with the weight of each training row, which is no feature; null: all weigh 1.</summary>
    [Id(5)] public string? Weights { get; init; }
}

/// <summary>Section <c>data.features</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.features-spec")]
public sealed record FeaturesSpec
{
    /// <summary>Feature columns; empty: all but the targets.</summary>
    [Id(0)] public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>Columns that are no features.</summary>
    [Id(1)] public ImmutableArray<string> Exclude { get; init; } = [];
}

/// <summary>Section <c>split</c>: fractions that sum to 1.</summary>
[GenerateSerializer, Immutable, Alias("trainer.split-spec")]
public sealed record SplitSpec
{
    private const double OwnTestTrain = 0.9;

    /// <summary>Fraction of the training part.</summary>
    [Id(0)] public double Train { get; init; } = 0.7;

    /// <summary>Fraction of the validation part; may be 0.</summary>
    [Id(1)] public double Validation { get; init; } = 0.15;

    /// <summary>Fraction of the test part; may be 0.</summary>
    [Id(2)] public double Test { get; init; } = 0.15;

    /// <summary>Keep the classes' shares in every part.</summary>
    [Id(3)] public bool Stratify { get; init; } = true;

    /// <summary>A file or set with the test part; null: a fraction of the rows.</summary>
    [Id(4)] public string? TestSource { get; init; }

    /// <summary>The label file of <see cref="TestSource"/>, where it has one; null: none.</summary>
    [Id(5)] public string? TestTarget { get; init; }

    /// <summary>A cross-validation; the model is then trained on all rows. Null: none.</summary>
    [Id(6)] public FoldsSpec? Folds { get; init; }

    /// <summary>
    /// The fractions that hold. With folds all rows are training rows. Where the test part is a file of its own,
    /// those of training and validation sum to 1; by default 0.9 and 0.1.
    /// </summary>
    /// <param name="hasOwnTest">Whether the test part is a file of its own.</param>
    public SplitSpec Fractions(bool hasOwnTest)
    {
        var defaults = new SplitSpec();
        bool untouched = (Train, Validation, Test) == (defaults.Train, defaults.Validation, defaults.Test);
        return Folds is not null && untouched ? this with { Train = 1, Validation = 0, Test = 0 }
            : !hasOwnTest ? this
            : untouched ? this with { Train = OwnTestTrain, Validation = 1 - OwnTestTrain, Test = 0 }
            : this with { Test = Test == defaults.Test ? 0 : Test };
    }
}

/// <summary>Value of <c>split.folds</c>: a number, or a file that says which row is in which fold.</summary>
/// <param name="Count">Folds, at least 2; 0 with a file.</param>
/// <param name="File">CSV file with the columns row and fold (the client makes it absolute); null: by the seed.</param>
[GenerateSerializer, Immutable, Alias("trainer.folds-spec")]
public sealed record FoldsSpec([property: Id(0)] int Count, [property: Id(1)] string? File = null);

/// <summary>Section <c>preprocess</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.preprocess-spec")]
public sealed record PreprocessSpec
{
    /// <summary>Scaling of numeric columns.</summary>
    [Id(0)] public Preprocessing.NumericScaling Numeric { get; init; } = Preprocessing.NumericScaling.Standardize;

    /// <summary><c>one_hot</c> or <c>ordinal</c>.</summary>
    [Id(1)] public string Categorical { get; init; } = "one_hot";

    /// <summary>Missing values.</summary>
    [Id(2)] public MissingSpec Missing { get; init; } = new();

    /// <summary>Polynomial and interaction terms.</summary>
    [Id(3)] public PolynomialSpec Polynomial { get; init; } = new();
}

/// <summary>Section <c>preprocess.missing</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.missing-spec")]
public sealed record MissingSpec
{
    /// <summary>What replaces a missing number.</summary>
    [Id(0)] public string Numeric { get; init; } = "median";

    /// <summary>What replaces a missing text.</summary>
    [Id(1)] public string Categorical { get; init; } = "mode";

    /// <summary>Adds a column that says which values were missing.</summary>
    [Id(2)] public bool Indicator { get; init; }
}

/// <summary>Section <c>preprocess.polynomial</c>.</summary>
[GenerateSerializer, Immutable, Alias("trainer.polynomial-spec")]
public sealed record PolynomialSpec
{
    /// <summary>Highest power; 1 adds nothing.</summary>
    [Id(0)] public int Degree { get; init; } = 1;

    /// <summary>Adds products of columns.</summary>
    [Id(1)] public bool Interactions { get; init; }
}
