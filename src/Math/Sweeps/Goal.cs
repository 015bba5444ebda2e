namespace Trainer.Sweeps;

/// <summary>Which values of the metric are better.</summary>
public enum Goal
{
    /// <summary>Small ones: losses.</summary>
    Minimize,

    /// <summary>Large ones: accuracy.</summary>
    Maximize,
}
