using Trainer.Losses;

namespace Trainer.Models;

/// <summary>
/// Forward and backward pass of a fully connected network in float64, in plain loops: the oracle of the tests, never
/// called in training.
/// </summary>
/// <remarks>
/// Parameters and gradients are flat in PyTorch's order: <c>layers.0.weight</c> [out, in] row-major,
/// <c>layers.0.bias</c> [out], ...
/// Losses are means over the batch, weighted where rows have weights; the squared error also over the outputs.
/// </remarks>
public sealed class ReferenceMlp
{
    private readonly MlpArchitecture _architecture;
    private readonly TrainingObjective _objective;
    private readonly int[] _widths;

    /// <summary>The reference of a network.</summary>
    /// <param name="architecture">Its shape, activation, output unit and loss.</param>
    /// <param name="objective">Smoothing and weights of the loss; null: none. Its dropout is not used.</param>
    public ReferenceMlp(MlpArchitecture architecture, TrainingObjective? objective = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        _architecture = architecture;
        _objective = objective ?? TrainingObjective.Plain;
        _widths = [architecture.Inputs, .. architecture.Hidden, architecture.Outputs];
        for (int layer = 0; layer < LayerCount; layer++)
        {
            ParameterCount += (_widths[layer] + 1) * _widths[layer + 1];
        }
    }

    /// <summary>Weights and biases of all layers.</summary>
    public int ParameterCount { get; }

    private int LayerCount => _widths.Length - 1;

    /// <summary>Logits of a batch.</summary>
    /// <param name="parameters">All parameters, shape [<see cref="ParameterCount"/>].</param>
    /// <param name="inputs">Row-major [rows, I].</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <returns>Row-major [rows, O].</returns>
    public double[] Forward(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs, int rows) =>
        Activations(parameters, inputs, rows, out _)[^1];

    /// <summary>Mean loss of a batch.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="inputs">Row-major [rows, I].</param>
    /// <param name="targets">Row-major [rows, O] of a squared error, else one number a row: 0/1, or the class.</param>
    /// <param name="rows">Rows of the batch, at least 1.</param>
    /// <param name="weights">Weight of each row; empty: 1.</param>
    public double Loss(
        ReadOnlySpan<double> parameters,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> targets,
        int rows,
        ReadOnlySpan<double> weights = default) =>
        MeanLoss(Forward(parameters, inputs, rows), targets, weights, rows, out _);

    /// <summary>Logits, mean loss and its gradient by all parameters.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="inputs">Row-major [rows, I].</param>
    /// <param name="targets">As in <see cref="Loss"/>.</param>
    /// <param name="rows">Rows of the batch, at least 1.</param>
    /// <param name="weights">Weight of each row; empty: 1.</param>
    public ReferencePass Backward(
        ReadOnlySpan<double> parameters,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> targets,
        int rows,
        ReadOnlySpan<double> weights = default)
    {
        double[][] activations = Activations(parameters, inputs, rows, out double[][] z);
        double loss = MeanLoss(activations[^1], targets, weights, rows, out double[] deltas);
        double[] gradient = new double[ParameterCount];
        int end = ParameterCount;
        for (int layer = LayerCount - 1; layer >= 0; layer--)
        {
            int length = (_widths[layer] + 1) * _widths[layer + 1];
            end -= length;
            LayerGradient(activations[layer], deltas, gradient.AsSpan(end, length), layer, rows);
            if (layer > 0)
            {
                deltas = InputDeltas(parameters.Slice(end, length), z[layer], deltas, layer, rows);
            }
        }

        return new ReferencePass(loss, activations[^1], gradient);
    }

    // The inputs, then each layer's output, row-major [rows, width]; the last are the logits. Beside them each layer's
    // z before the activation.
    private double[][] Activations(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs, int rows, out double[][] z)
    {
        RequireLength(nameof(parameters), parameters.Length, ParameterCount);
        RequireLength(nameof(inputs), inputs.Length, rows * _architecture.Inputs);
        double[][] activations = new double[LayerCount + 1][];
        z = new double[LayerCount + 1][];
        activations[0] = inputs.ToArray();
        int start = 0;
        for (int layer = 0; layer < LayerCount; layer++)
        {
            (int fanIn, int fanOut) = (_widths[layer], _widths[layer + 1]);
            ReadOnlySpan<double> weights = parameters.Slice(start, fanIn * fanOut);
            ReadOnlySpan<double> biases = parameters.Slice(start + weights.Length, fanOut);
            start += weights.Length + biases.Length;
            z[layer + 1] = Dense(activations[layer], weights, biases, rows);
            activations[layer + 1] = layer < LayerCount - 1 ? Array.ConvertAll(z[layer + 1], Activate) : z[layer + 1];
        }

        return activations;
    }

    // z[r,o] = sum_i x[r,i] w[o,i] + b[o]
    private static double[] Dense(double[] x, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, int rows)
    {
        int fanOut = biases.Length;
        int fanIn = weights.Length / fanOut;
        double[] z = new double[rows * fanOut];
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < fanOut; output++)
            {
                double sum = 0;
                for (int input = 0; input < fanIn; input++)
                {
                    sum += x[(row * fanIn) + input] * weights[(output * fanIn) + input];
                }

                z[(row * fanOut) + output] = sum + biases[output];
            }
        }

        return z;
    }

    // deltas = d meanLoss / d logits, row-major [rows, O].
    private double MeanLoss(
        double[] logits,
        ReadOnlySpan<double> targets,
        ReadOnlySpan<double> rowWeights,
        int rows,
        out double[] deltas)
    {
        int outputs = _architecture.Outputs;
        int width = _architecture.Loss == LossFunction.MeanSquaredError ? outputs : 1;
        RequireLength(nameof(targets), targets.Length, rows * width);
        RequireLength(nameof(rowWeights), rowWeights.Length, rowWeights.IsEmpty ? 0 : rows);
        deltas = new double[logits.Length];
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < rows; row++)
        {
            Span<double> gradient = deltas.AsSpan(row * outputs, outputs);
            ReadOnlySpan<double> target = targets.Slice(row * width, width);
            double weight = rowWeights.IsEmpty ? 1 : rowWeights[row];
            sum += weight * ReferenceLoss.Row(
                _architecture.Loss, _objective, logits.AsSpan(row * outputs, outputs), target, gradient);
            weights += weight * _objective.RowWeight((float)target[0]);
            foreach (ref double value in gradient)
            {
                value *= weight;
            }
        }

        foreach (ref double value in deltas.AsSpan())
        {
            value /= weights;
        }

        return sum / weights;
    }

    // dW[o,i] = sum_r d[r,o] x[r,i]; db[o] = sum_r d[r,o]
    private void LayerGradient(double[] x, double[] deltas, Span<double> gradient, int layer, int rows)
    {
        (int fanIn, int fanOut) = (_widths[layer], _widths[layer + 1]);
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < fanOut; output++)
            {
                double delta = deltas[(row * fanOut) + output];
                for (int input = 0; input < fanIn; input++)
                {
                    gradient[(output * fanIn) + input] += delta * x[(row * fanIn) + input];
                }

                gradient[(fanIn * fanOut) + output] += delta;
            }
        }
    }

    // d[r,i] = f'(z[r,i]) sum_o d[r,o] w[o,i], of the layer below
    private double[] InputDeltas(ReadOnlySpan<double> weights, double[] z, double[] deltas, int layer, int rows)
    {
        (int fanIn, int fanOut) = (_widths[layer], _widths[layer + 1]);
        double[] result = new double[rows * fanIn];
        for (int row = 0; row < rows; row++)
        {
            for (int input = 0; input < fanIn; input++)
            {
                double sum = 0;
                for (int output = 0; output < fanOut; output++)
                {
                    sum += deltas[(row * fanOut) + output] * weights[(output * fanIn) + input];
                }

                int index = (row * fanIn) + input;
                result[index] = sum * ReferenceActivation.Derivative(_architecture.Activation, z[index]);
            }
        }

        return result;
    }

    private double Activate(double z) => ReferenceActivation.Value(_architecture.Activation, z);

    private static void RequireLength(string name, int actual, int needed)
    {
        if (actual != needed)
        {
            throw new ArgumentException(
                $"'{name}' has length {actual}; the network and the batch need {needed}.", name);
        }
    }
}

/// <summary>One forward and backward pass.</summary>
/// <param name="Loss">Mean loss of the batch.</param>
/// <param name="Logits">Row-major [rows, O].</param>
/// <param name="Gradient">Gradient of the mean loss by all parameters, in their order.</param>
public sealed record ReferencePass(double Loss, double[] Logits, double[] Gradient);
