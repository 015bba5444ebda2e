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
            ThrowHelper.RequireEqualLengths(nameof(state), vector.Length, "parameters of the optimizer", _length);
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
        float[] joined = new float[_length];
        int at = 0;
        foreach (OptimizerState state in states)
        {
            state.Vectors[vector].CopyTo(joined.AsMemory(at));
            at += state.Vectors[vector].Length;
        }

        return joined;
    }
}
