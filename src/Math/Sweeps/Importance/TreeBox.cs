namespace Trainer.Sweeps.Importance;

/// <summary>A leaf of a regression tree: the box of the unit cube that it covers, and its value.</summary>
/// <param name="Low">Lower corner, shape [d].</param>
/// <param name="High">Upper corner, shape [d].</param>
/// <param name="Value">The tree's value in the box.</param>
internal sealed record TreeBox(double[] Low, double[] High, double Value)
{
    /// <summary>Volume; the boxes of a tree add up to 1.</summary>
    public double Volume { get; } = Low.Zip(High, (low, high) => high - low).Aggregate(1.0, (a, b) => a * b);
}
