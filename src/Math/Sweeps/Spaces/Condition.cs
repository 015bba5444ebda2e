namespace Trainer.Sweeps.Spaces;

/// <summary>A dimension exists only where another one has certain values.</summary>
/// <param name="Path">The other dimension: an <c>int</c>, <c>log_int</c> or <c>choice</c>.</param>
/// <param name="Values">The values that make this one exist: numbers, or the indices of choices.</param>
public sealed record Condition(string Path, IReadOnlyList<double> Values);
