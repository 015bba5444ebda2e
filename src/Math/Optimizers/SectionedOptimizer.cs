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

    /// <inheritdoc/>
    public OptimizerState Capture()
    {
        OptimizerState[] states = [.. sections.Select(section => section.Optimizer.Capture())];
        return states.Length == 0 ? OptimizerState.Copy([]) : states[0] with
        {
            Vectors = [.. states[0].Vectors.Select((_, vector) => Joined(states, vector))],
        };
    }

    /// <inheritdoc/>
    public void Restore(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (ReadOnlyMemory<float> vector in state.Vectors)
        {
            ThrowHelper.RequireEqualLengths(nameof(state), vector.Length, "parameters of the optimizer", Length);
        }

        int at = 0;
        foreach ((IOptimizer optimizer, int length) in sections)
        {
            int start = at;
            optimizer.Restore(state with
            {
                Vectors = [.. state.Vectors.Select(vector => vector.Slice(start, length))],
            });
            at += length;
        }
    }

    private ReadOnlyMemory<float> Joined(OptimizerState[] states, int vector)
    {
        float[] joined = new float[Length];
        int at = 0;
        foreach (OptimizerState state in states)
        {
            state.Vectors[vector].CopyTo(joined.AsMemory(at));
            at += state.Vectors[vector].Length;
        }

        return joined;
    }
}
