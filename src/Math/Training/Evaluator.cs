using Trainer.Backends;
using Trainer.Data;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Metrics;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>Forward passes over rows: exact mergeable sums, and predictions.</summary>
public static class Evaluator
{
    /// <summary>Sums of one shard of a part (numerics A7: row r of N belongs to shard floor(r*V/N)).</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="weights">Flat in panel order.</param>
    /// <param name="rows">The shard's rows of the part, in file order.</param>
    /// <param name="team">Compute threads.</param>
    /// <exception cref="ArgumentException">The weights or the rows do not fit the network.</exception>
    public static EvaluationSums Evaluate(
        MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, IComputeTeam team)
    {
        Mlp network = Create(architecture, weights, rows, team);
        RequireTargets(architecture, rows);
        var sums = new EvaluationAccumulator(architecture, rows);
        for (int first = 0; first < rows.Count; first += Mlp.MaxRows)
        {
            Forward(network, rows, first);
            network.ComputeLoss();
            for (int row = 0; row < network.Rows; row++)
            {
                sums.Add(first + row, network.Losses[row], network.Logits, network.Rows, row);
            }
        }

        return sums.ToSums();
    }

    /// <summary>
    /// Predictions of rows, row-major [n, O]: values of a linear unit, the probability of the positive class (0 or 1 of
    /// a perceptron), or one probability a class.
    /// </summary>
    /// <param name="architecture">The network.</param>
    /// <param name="weights">Flat in panel order.</param>
    /// <param name="rows">The rows; their targets are not read and may be empty.</param>
    /// <param name="team">Compute threads.</param>
    /// <exception cref="ArgumentException">The weights or the features do not fit the network.</exception>
    public static float[] Predict(
        MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, IComputeTeam team)
    {
        Mlp network = Create(architecture, weights, rows, team);
        int outputs = architecture.Outputs;
        float[] predictions = new float[checked(rows.Count * outputs)];
        float[] probabilities = new float[Panels.Length(Math.Min(rows.Count, Mlp.MaxRows), outputs)];
        for (int first = 0; first < rows.Count; first += Mlp.MaxRows)
        {
            Forward(network, rows, first);
            ReadOnlySpan<float> values = Apply(architecture, network, probabilities);
            for (int row = 0; row < network.Rows; row++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    predictions[((first + row) * outputs) + output] = values[Panels.Index(network.Rows, row, output)];
                }
            }
        }

        return predictions;
    }

    /// <summary>Outputs of a hidden layer for rows, row-major [n, units].</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="weights">Flat in panel order.</param>
    /// <param name="rows">The rows; their targets are not read and may be empty.</param>
    /// <param name="layer">Hidden layer, from 0.</param>
    /// <param name="team">Compute threads.</param>
    /// <exception cref="ArgumentException">The weights or the features do not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public static float[] HiddenOutputs(
        MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, int layer, IComputeTeam team)
    {
        Mlp network = Create(architecture, weights, rows, team);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, architecture.Hidden.Length);
        int units = architecture.Hidden[layer];
        float[] outputs = new float[checked(rows.Count * units)];
        for (int first = 0; first < rows.Count; first += Mlp.MaxRows)
        {
            Forward(network, rows, first);
            ReadOnlySpan<float> values = network.InputsOf(layer + 1);
            for (int row = 0; row < network.Rows; row++)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    outputs[((first + row) * units) + unit] = values[Panels.Index(network.Rows, row, unit)];
                }
            }
        }

        return outputs;
    }

    private static Mlp Create(MlpArchitecture architecture, ReadOnlySpan<float> weights, RowSet rows, IComputeTeam team)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FeatureCount != architecture.Inputs)
        {
            throw new ArgumentException(
                $"The rows have {rows.FeatureCount} features; the network takes {architecture.Inputs}.", nameof(rows));
        }

        var network = new Mlp(architecture, team, Math.Clamp(rows.Count, 1, Mlp.MaxRows));
        ThrowHelper.RequireEqualLengths(
            nameof(weights), weights.Length, "parameters of the network", network.Layout.Length);
        weights.CopyTo(network.OwnWeights());
        return network;
    }

    private static void RequireTargets(MlpArchitecture architecture, RowSet rows)
    {
        int needed = Mlp.TargetWidth(architecture);
        if (rows.TargetWidth != needed)
        {
            throw new ArgumentException(
                $"The rows have {rows.TargetWidth} targets; the network takes {needed}.", nameof(rows));
        }
    }

    private static void Forward(Mlp network, RowSet rows, int first)
    {
        network.Begin(Math.Min(rows.Count - first, Mlp.MaxRows));
        for (int row = 0; row < network.Rows; row++)
        {
            rows.Gather(first + row, network.Inputs(row), network.Stride);
            network.SetRow(row, rows.TargetsOf(first + row));
        }

        network.Forward();
    }

    private static ReadOnlySpan<float> Apply(MlpArchitecture architecture, Mlp network, float[] probabilities)
    {
        int length = Panels.Length(network.Rows, architecture.Outputs);
        switch (architecture.OutputUnit)
        {
            case OutputUnit.Sigmoid when architecture.Loss == LossFunction.Perceptron:
                for (int row = 0; row < network.Rows; row++)
                {
                    int index = Panels.Index(network.Rows, row, 0);
                    probabilities[index] = network.Logits[index] >= 0f ? 1f : 0f;
                }

                return probabilities;
            case OutputUnit.Sigmoid:
                ElementwiseKernels.Sigmoid(network.Logits[..length], probabilities.AsSpan(0, length));
                return probabilities;
            case OutputUnit.Softmax:
                OutputKernels.Softmax(
                    network.Logits, probabilities, network.Rows, architecture.Outputs, 0, network.Rows);
                return probabilities;
            default:
                return network.Logits;
        }
    }
}
