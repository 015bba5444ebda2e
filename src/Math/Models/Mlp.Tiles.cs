using Trainer.Kernels;
using Trainer.Losses;

namespace Trainer.Models;

/// <content>What one thread computes at once: some rows of one panel, or all panels of some rows.</content>
internal sealed partial class Mlp
{
    private void ForwardTile(int tile)
    {
        (int panel, int first, int count) = TileAt(tile);
        ForwardPanel(_layer, panel, first, count);
    }

    private void ForwardPanel(int index, int panel, int first, int count)
    {
        LayerLayout layer = Layout.Layers[index];
        ReadOnlySpan<float> weights = _weights.Span;
        DenseKernels.Forward(
            _activations[index].Span,
            weights.Slice(layer.WeightOffset, layer.WeightLength),
            weights.Slice(layer.BiasOffset, layer.BiasLength),
            _sources[index + 1].Span,
            new DenseShape(Rows, layer.Inputs, layer.Outputs),
            panel,
            first,
            count);
        if (index < _deltas.Length - 1)
        {
            Activate(index, panel, first, count);
        }
    }

    private void Activate(int layer, int panel, int first, int count)
    {
        (int start, int length) = (((panel * Rows) + first) * Panels.Width, count * Panels.Width);
        Span<float> source = _sources[layer + 1].Span.Slice(start, length);
        Span<float> a = _activations[layer + 1].Span.Slice(start, length);
        if (_dropout is null || ActivationPass.KeepsInput(_architecture.Activation))
        {
            ActivationPass.Forward(_architecture.Activation, source, a);
        }
        else
        {
            ActivationPass.Forward(_architecture.Activation, source, source);
            source.CopyTo(a);
        }

        if (_dropout is not null)
        {
            Span<float> mask = _masks[layer + 1].AsSpan(start, length);
            for (int i = 0; i < count; i++)
            {
                (int epoch, int row) = _samples[first + i];
                _dropout.Fill(epoch, row, layer, panel, mask.Slice(i * Panels.Width, Panels.Width));
            }

            ElementwiseKernels.Mask(mask, a);
        }
    }

    private void LossTile(int tile)
    {
        (_, int first, int count) = TileAt(tile);
        LossRows(first, count);
    }

    private void LossRows(int first, int count)
    {
        ReadOnlySpan<float> z = _activations[^1].Span;
        Span<float> d = _deltas[^1].Span;
        switch (_architecture.Loss)
        {
            case LossFunction.BinaryCrossEntropy:
                OutputKernels.SigmoidBinaryCrossEntropy(z, _targets, d, _losses, Rows, first, count);
                break;
            case LossFunction.CrossEntropy:
                OutputKernels.SoftmaxCrossEntropy(
                    z, _targets, d, _losses, Rows, _architecture.Outputs, first, count, _objective.LabelSmoothing);
                break;
            case LossFunction.Perceptron:
                OutputKernels.ThresholdPerceptron(z, _targets, d, _losses, Rows, first, count);
                break;
            default:
                OutputKernels.LinearSquaredError(z, _targets, d, _losses, Rows, _architecture.Outputs, first, count);
                break;
        }

        WeighRows(first, count);
    }

    // The positive weight first, then the row's weight: one multiplication each, of loss and deltas.
    private void WeighRows(int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            if (_objective.PositiveWeight != 1f && _targets[row] > 0.5f)
            {
                ScaleRow(row, _objective.PositiveWeight);
            }

            float weight = RowWeight(row);
            if (weight != 1f)
            {
                ScaleRow(row, weight);
            }
        }
    }

    private void ScaleRow(int row, float factor)
    {
        _losses[row] *= factor;
        for (int panel = 0; panel < Panels.Count(_architecture.Outputs); panel++)
        {
            int start = ((panel * Rows) + row) * Panels.Width;
            ElementwiseKernels.Scale(_deltas[^1].Span.Slice(start, Panels.Width), factor);
        }
    }

    private void LastTile(int tile)
    {
        (_, int first, int count) = TileAt(tile);
        int last = _deltas.Length - 1;
        ForwardPanel(last, 0, first, count);
        LossRows(first, count);
        for (int panel = 0; panel < Panels.Count(Layout.Layers[last].Inputs); panel++)
        {
            BackwardPanel(last, panel, first, count);
        }
    }

    private void BackwardTile(int tile)
    {
        (int panel, int first, int count) = TileAt(tile);
        BackwardPanel(_layer, panel, first, count);
    }

    private void BackwardPanel(int index, int panel, int first, int count)
    {
        LayerLayout layer = Layout.Layers[index];
        Span<float> d = _deltas[index - 1].Span;
        _deltaProduct.InputGradient(
            _deltas[index].Span,
            _weights.Span.Slice(layer.WeightOffset, layer.WeightLength),
            d,
            new DenseShape(Rows, layer.Inputs, layer.Outputs),
            panel,
            first,
            count);
        (int start, int length) = (((panel * Rows) + first) * Panels.Width, count * Panels.Width);
        if (_dropout is not null)
        {
            ElementwiseKernels.Mask(_masks[index].AsSpan(start, length), d.Slice(start, length));
        }

        ActivationPass.Backward(
            _architecture.Activation, _sources[index].Span.Slice(start, length), d.Slice(start, length));
    }
}
