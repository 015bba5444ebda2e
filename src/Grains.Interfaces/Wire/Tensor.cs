namespace Trainer.Wire;

/// <summary>A flat vector of float32 on the wire: one copy a hop, no header an element. Given away once sent: never write to it again.</summary>
[Immutable]
public sealed class Tensor
{
    /// <summary>Wraps memory without copying it.</summary>
    public Tensor(ReadOnlyMemory<float> values) => Values = values;

    /// <summary>The values.</summary>
    public ReadOnlyMemory<float> Values { get; }
}
