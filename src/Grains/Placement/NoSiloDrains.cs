using System.Collections.Immutable;

namespace Trainer.Placement;

/// <summary>A cluster whose silos stop without being asked before.</summary>
internal sealed class NoSiloDrains : ISiloDrains
{
    /// <inheritdoc/>
    public IReadOnlySet<string> Leaving() => ImmutableHashSet<string>.Empty;
}
