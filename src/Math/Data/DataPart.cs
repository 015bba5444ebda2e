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
