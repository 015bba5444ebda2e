using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>An optimizer for each section of the parameters, one after the other.</summary>
/// <remarks>Optimizers work element by element, so the cuts change no bit.</remarks>
/// <param name="sections">The sections in order: an optimizer and its number of parameters.</param>
internal sealed class SectionedOptimizer(IReadOnlyList<(IOptimizer Optimizer, int Length)> sections) : IOptimizer
{
    private readonly int _length = sections.Sum(section => section.Length);

    /// <inheritdoc/>
    public bool Step(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        Span<float> updated)
    {
        ThrowHelper.RequireEqualLengths(nameof(weights), weights.Length, "parameters of the optimizer", _length);
        ThrowHelper.RequireEqualLengths(nameof(gradient), gradient.Length, "parameters of the optimizer", _length);
        ThrowHelper.RequireEqualLengths(nameof(updated), updated.Length, "parameters of the optimizer", _length);
        bool finite = true;
        int at = 0;
        foreach ((IOptimizer optimizer, int length) in sections)
        {
            finite &= optimizer.Step(
                weights.Slice(at, length), gradient.Slice(at, length), scale, learningRate, updated.Slice(at, length));
            at += length;
        }

        return finite;
    }
}
