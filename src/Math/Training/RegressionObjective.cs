using Trainer.Data;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>
/// What a regression minimises over the training rows it uses: mean loss + 0.5 penalty |w|^2 over the unscaled weights,
/// the biases left out.
/// </summary>
internal sealed class RegressionObjective
{
    private readonly RowSet _train;
    private readonly int _used;
    private readonly OutputUnit _unit;
    private readonly int _outputs;
    private readonly double[] _penalties;
    private readonly double[] _logits;
    private readonly int[] _indices = new int[RegressionModel.BlockRows];

    /// <summary>An objective.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="used">How many of them to use, evenly strided.</param>
    /// <param name="unit">Output unit, which decides the loss.</param>
    /// <param name="outputs">Logits K.</param>
    /// <param name="features">How features are scaled.</param>
    /// <param name="penalty">Penalty of the unscaled weights.</param>
    /// <param name="ridge">Penalty of the scaled weights.</param>
    public RegressionObjective(
        RowSet train, int used, OutputUnit unit, int outputs, ScaledFeatures features, double penalty, double ridge)
    {
        (_train, _used, _unit, _outputs) = (train, used, unit, outputs);
        Model = new RegressionModel(features, outputs);
        _penalties = [.. features.Scales.Select(scale => (penalty / (scale * scale)) + ridge)];
        _logits = new double[RegressionModel.BlockRows * outputs];
    }

    /// <summary>The model at the last point.</summary>
    public RegressionModel Model { get; }

    /// <summary>Value and gradient at a point.</summary>
    /// <param name="point">Parameters of the model.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <param name="cancellationToken">Stops between two blocks of rows.</param>
    public double Evaluate(double[] point, double[] gradient, CancellationToken cancellationToken)
    {
        Model.Parameters = point;
        Array.Clear(gradient);
        double sum = 0;
        for (int first = 0; first < _used; first += RegressionModel.BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += AddBlock(first, Math.Min(RegressionModel.BlockRows, _used - first), gradient);
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= _used;
        }

        return (sum / _used) + AddPenalty(point, gradient);
    }

    private double AddBlock(int first, int count, double[] gradient)
    {
        for (int i = 0; i < count; i++)
        {
            _indices[i] = ScaledFeatures.RowOf(_train, _used, first + i);
        }

        Span<double> logits = _logits.AsSpan(0, count * _outputs);
        Model.Forward(_train, _indices.AsSpan(0, count), logits);
        Span<double> biases = gradient.AsSpan(_outputs * Model.Stride);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            Span<double> deltas = logits.Slice(i * _outputs, _outputs);
            sum += RegressionLoss.Row(_unit, deltas, _train.TargetsOf(_indices[i]));
            for (int output = 0; output < _outputs; output++)
            {
                biases[output] += deltas[output];
            }
        }

        RegressionProducts.AddOuter(logits, Model.Block, gradient, _outputs, Model.Stride);
        return sum;
    }

    private double AddPenalty(double[] point, double[] gradient)
    {
        double sum = 0;
        for (int output = 0; output < _outputs; output++)
        {
            for (int i = 0; i < _penalties.Length; i++)
            {
                int index = (output * Model.Stride) + i;
                sum += 0.5 * _penalties[i] * point[index] * point[index];
                gradient[index] += _penalties[i] * point[index];
            }
        }

        return sum;
    }
}
