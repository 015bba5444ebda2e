using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>Proposes the parameters of the next trial. A pure function: it keeps nothing between two calls.</summary>
public interface ISampler
{
    /// <summary>What is searched.</summary>
    SearchSpace Space { get; }

    /// <summary>A point for a trial.</summary>
    /// <param name="history">
    /// The other trials in the order of their numbers, running ones too. The same history gives the same proposal.
    /// </param>
    /// <param name="number">The new trial's number, from 0.</param>
    /// <returns>A point that no trial of the history has, or null when all points are taken.</returns>
    ParameterSet? Propose(IReadOnlyList<Trial> history, int number);
}
