using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>An optimizer for each section of the parameters, one after the other.</summary>
/// <remarks>Optimizers work element by element, so the cuts change no bit.</remarks>
/// <param name="sections">The sections in order: an optimizer and its number of parameters.</param>
internal sealed class SectionedOptimizer((IOptimizer Optimizer, int Length)[] sections) : IOptimizer
{
    /// <inheritdoc/>
    public int Length { get; } = sections.Sum(section => section.Length);

    /// <inheritdoc/>
    public void Begin(float scale, float learningRate)
    {
        foreach ((IOptimizer optimizer, _) in sections)
        {
            optimizer.Begin(scale, learningRate);
        }
    }

    /// <inheritdoc/>
    public bool Update(int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, Span<float> updated)
    {
        ThrowHelper.RequireRange(nameof(first), first, gradient.Length, Length);
        bool finite = true;
        int start = 0;
        foreach ((IOptimizer optimizer, int length) in sections)
        {
            int from = Math.Max(first, start);
            int count = Math.Min(first + gradient.Length, start + length) - from;
            if (count > 0)
            {
                finite &= optimizer.Update(
                    from - start,
                    weights.Slice(from - first, count),
                    gradient.Slice(from - first, count),
                    updated.Slice(from - first, count));
            }

            start += length;
        }

        return finite;
    }
}
