using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>Independent uniform draws, each dimension in its own scale.</summary>
/// <remarks>Source: Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012.</remarks>
/// <param name="space">What is searched.</param>
/// <param name="seed">Of the draws.</param>
public sealed class RandomSampler(SearchSpace space, ulong seed) : Sampler(space, seed)
{
    /// <inheritdoc/>
    private protected override ParameterSet Draw(IReadOnlyList<Trial> history, int number, int attempt)
    {
        Draws draws = DrawsOf(number, attempt);
        return DrawUniform(ref draws);
    }
}
