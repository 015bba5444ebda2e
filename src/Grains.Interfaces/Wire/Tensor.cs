namespace Trainer.Wire;

/// <summary>
/// A flat vector of float32 on the wire: one copy a hop, no header an element. Given away once sent: never write to
/// it again.
/// </summary>
[Immutable]
public sealed class Tensor
{
    /// <summary>Most bytes of one tensor: a message body over 100 MiB would end the connection.</summary>
    public const int MaxBytes = 96 << 20;

    /// <summary>Wraps memory without copying it.</summary>
    /// <param name="values">The values, shape [n].</param>
    public Tensor(ReadOnlyMemory<float> values) => Values = values;

    /// <summary>The values.</summary>
    public ReadOnlyMemory<float> Values { get; }
}
