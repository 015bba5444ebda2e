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
