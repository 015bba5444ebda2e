namespace Trainer.Sweeps.Spaces;

/// <summary>How the values of a dimension are spread.</summary>
public enum DimensionKind
{
    /// <summary>A real number, evenly.</summary>
    Uniform,

    /// <summary>A real number, its logarithm evenly.</summary>
    LogUniform,

    /// <summary>A whole number in steps, evenly.</summary>
    Int,

    /// <summary>A whole number, its logarithm evenly.</summary>
    LogInt,

    /// <summary>One of a list of values without an order.</summary>
    Choice,
}
