using System.Collections.Immutable;

using Trainer.Data;

namespace Trainer.Preprocessing;

/// <summary>How numeric columns are scaled, fitted on training rows.</summary>
public enum NumericScaling
{
    /// <summary>To mean 0 and standard deviation 1 (of the population); a constant column becomes 0.</summary>
    Standardize,

    /// <summary>To [0, 1] by minimum and maximum; a constant column becomes 0.</summary>
    MinMax,

    /// <summary>As it is.</summary>
    None,
}

/// <summary>Fitted preprocessing with the schema it was fitted on: all that a model needs to read new rows.</summary>
public sealed class FittedPipeline
{
    /// <summary>Names of the input columns in file order.</summary>
    public ImmutableArray<string> FeatureColumns => throw new NotImplementedException();

    /// <summary>Names of the target columns.</summary>
    public ImmutableArray<string> TargetColumns => throw new NotImplementedException();

    /// <summary>Class names in class order; empty for a regression. Of two classes the second is the positive one.</summary>
    public ImmutableArray<string> ClassNames => throw new NotImplementedException();

    /// <summary>Features after preprocessing.</summary>
    public int Inputs => throw new NotImplementedException();

    /// <summary>The pipeline as JSON, for model files.</summary>
    public string ToJson() => throw new NotImplementedException();

    /// <summary>The inverse of <see cref="ToJson"/>.</summary>
    /// <exception cref="DataException">The text is not such JSON.</exception>
    public static FittedPipeline FromJson(string json) => throw new NotImplementedException();

    /// <summary>Reads a whole new source by column name. <paramref name="withTargets"/>: its target columns must be there.</summary>
    public RowSet Read(DataSource source, bool withTargets, CancellationToken cancellationToken) => throw new NotImplementedException();
}
