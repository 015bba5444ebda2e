using Trainer.Kernels;

namespace Trainer.Models;

/// <summary>
/// Initial parameters: each a function of (seed, layer, element) alone, so that any partition can draw its own.
/// </summary>
public static class WeightInitializer
{
    /// <summary>Draws a range of the flat vector; padding lanes become +0.</summary>
    /// <param name="layout">Layout of the parameters.</param>
    /// <param name="initialization">How weights are drawn.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="range">The range to fill.</param>
    /// <param name="values">Receives the parameters, shape [range.Length].</param>
    /// <exception cref="ArgumentException">The span does not have the range's length.</exception>
    /// <remarks>
    /// The counter of weight (o, i) is (layer, o * I + i), that of bias o (layer, O * I + o). A value is <c>(2u - 1) *
    /// bound</c> with u a multiple of 2^-24 in [0, 1): the subtraction is exact, the product rounds once.
    /// </remarks>
    public static void Fill(
        ParameterLayout layout,
        WeightInitialization initialization,
        ulong seed,
        ParameterRange range,
        Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ThrowHelper.RequireEqualLengths(nameof(range), range.Length, nameof(values), values.Length);
        values.Clear();
        if (initialization == WeightInitialization.Zeros)
        {
            return;
        }

        var random = new SeededRandom(seed, RandomStream.Initialization);
        for (int index = 0; index < layout.Layers.Length; index++)
        {
            LayerLayout layer = layout.Layers[index];
            float bound = Bound(initialization, layer);
            FillTensor(random, (ulong)index, bound, 0, layer.Inputs, layer.Outputs, layer.WeightOffset, range, values);
            if (initialization == WeightInitialization.PyTorch)
            {
                ulong first = (ulong)layer.Inputs * (ulong)layer.Outputs;
                FillTensor(random, (ulong)index, bound, first, 1, layer.Outputs, layer.BiasOffset, range, values);
            }
        }
    }

    private static float Bound(WeightInitialization initialization, LayerLayout layer) => (float)Math.Sqrt(
        initialization switch
        {
            WeightInitialization.He => 6.0 / layer.Inputs,
            WeightInitialization.Xavier => 6.0 / ((double)layer.Inputs + layer.Outputs),
            WeightInitialization.Lecun => 3.0 / layer.Inputs,
            WeightInitialization.PyTorch => 1.0 / layer.Inputs,
            _ => throw new ArgumentOutOfRangeException(
                nameof(initialization), initialization, $"'{initialization}' is no way to draw initial weights."),
        });

    // One tensor [O/32][inputs][32] at an offset of the flat vector, as far as it lies in the range.
    private static void FillTensor(
        SeededRandom random,
        ulong layer,
        float bound,
        ulong firstElement,
        int inputs,
        int outputs,
        int offset,
        ParameterRange range,
        Span<float> values)
    {
        int first = Math.Max(offset, range.Offset);
        int end = Math.Min(offset + (Panels.Count(outputs) * inputs * Panels.Width), range.Offset + range.Length);
        for (int position = first; position < end; position++)
        {
            (int row, int lane) = Math.DivRem(position - offset, Panels.Width);
            (int panel, int input) = Math.DivRem(row, inputs);
            int output = (panel * Panels.Width) + lane;
            if (output < outputs)
            {
                ulong element = firstElement + ((ulong)output * (ulong)inputs) + (ulong)input;
                values[position - range.Offset] = ((2f * random.Uniform(layer, element)) - 1f) * bound;
            }
        }
    }
}
