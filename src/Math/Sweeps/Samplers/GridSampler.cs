using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// All combinations in a fixed order, the last dimension fastest: every value of discrete dimensions, some of real
/// ones.
/// </summary>
/// <remarks>
/// The next point is the first that no trial has, so that a space that was edited on the way is completed, too. For
/// the cost of a grid see Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012.
/// </remarks>
public sealed class GridSampler : ISampler
{
    private readonly int _points;

    /// <summary>A grid over a space.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="points">Values of a real dimension, evenly in its scale from end to end; default 5.</param>
    public GridSampler(SearchSpace space, int points = 5)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        Space = space;
        _points = points;
    }

    /// <inheritdoc/>
    public SearchSpace Space { get; }

    /// <inheritdoc/>
    public ParameterSet? Propose(IReadOnlyList<Trial> history, int number)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        HashSet<ParameterSet> taken =
            [.. history.Where(trial => trial.Number != number).Select(trial => trial.Parameters)];
        return SpacePoints.All(Space, _points).FirstOrDefault(point => !taken.Contains(point));
    }
}
