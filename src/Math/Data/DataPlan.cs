using System.Collections.Immutable;

using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>The part of a split that a row belongs to.</summary>
public enum DataPart
{
    /// <summary>Rows that gradients are computed on.</summary>
    Train,

    /// <summary>Rows that early stopping watches.</summary>
    Validation,

    /// <summary>Rows that nothing is chosen by.</summary>
    Test,
}

/// <summary>Where rows come from: an embedded set of the catalogue, or a file proven by size and hash.</summary>
/// <param name="Name">Catalogue name or file name, for messages.</param>
/// <param name="Path">Absolute path; null for an embedded set.</param>
/// <param name="Size">Bytes of the file; 0 when embedded.</param>
/// <param name="Sha256">Lower-case hex of the file's (or embedded resource's) bytes.</param>
public sealed record DataSource(string Name, string? Path, long Size, string Sha256);

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
/// <param name="Output">Output unit that decides the target's kind; null: from the target (text or at most 20 whole numbers: classes).</param>
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
    ulong Seed);

/// <summary>
/// The request with what was learned from the data: schema, classes, row counts, fitted preprocessing. Computed once a job by the client
/// and sent with the job as JSON.
/// </summary>
public sealed class DataPlan
{
    /// <summary>The request.</summary>
    public DataRequest Request => throw new NotImplementedException();

    /// <summary>The fitted preprocessing, which also applies to new files.</summary>
    public FittedPipeline Pipeline => throw new NotImplementedException();

    /// <summary>Features after preprocessing.</summary>
    public int Inputs => throw new NotImplementedException();

    /// <summary>Logits: targets of a regression, 1 for two classes with a sigmoid unit, else classes.</summary>
    public int Outputs => throw new NotImplementedException();

    /// <summary>The output unit that the target asks for (or the one requested).</summary>
    public OutputUnit OutputUnit => throw new NotImplementedException();

    /// <summary>Rows of a part.</summary>
    public int Rows(DataPart part) => throw new NotImplementedException();

    /// <summary>Reads the source once, splits it, fits the preprocessing on the training rows.</summary>
    /// <exception cref="DataException">The file is malformed or does not fit the request. The message names file, row, column, reason.</exception>
    public static DataPlan Create(DataRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The plan as JSON.</summary>
    public string ToJson() => throw new NotImplementedException();

    /// <summary>The inverse of <see cref="ToJson"/>.</summary>
    public static DataPlan FromJson(string json) => throw new NotImplementedException();

    /// <summary>Reads the source in one pass and keeps only the rows asked for, preprocessed.</summary>
    /// <param name="rowsOfPart">For each part the indices within the part, any order; the result keeps that order. Null: all rows of the part.</param>
    /// <exception cref="DataException">The file is gone, or is not the one that was planned (size, SHA-256), or cannot be read.</exception>
    public IReadOnlyDictionary<DataPart, RowSet> Load(
        IReadOnlyDictionary<DataPart, int[]?> rowsOfPart, CancellationToken cancellationToken) => throw new NotImplementedException();
}
