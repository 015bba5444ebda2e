namespace Trainer.Placement;

/// <summary>Knows which silos are about to stop before the membership does, so that jobs move away in time.</summary>
public interface ISiloDrains
{
    /// <summary>Names of the silos that have been asked to stop.</summary>
    IReadOnlySet<string> Leaving();
}
