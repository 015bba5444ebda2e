using Trainer.Data;

namespace Trainer.Training;

/// <summary>A linear model in double over scaled features.</summary>
internal sealed class RegressionModel
{
    /// <summary>Rows of a block: what a product takes at once, small enough to stay in cache.</summary>
    public const int BlockRows = 64;

    private readonly ScaledFeatures _features;
    private readonly int _outputs;
    private readonly int _stride;
    private readonly double[] _block;

    /// <summary>A model.</summary>
    /// <param name="features">How features are scaled.</param>
    /// <param name="outputs">Logits K.</param>
    public RegressionModel(ScaledFeatures features, int outputs)
    {
        (_features, _outputs) = (features, outputs);
        _stride = RegressionProducts.Stride(features.Scales.Length);
        _block = new double[BlockRows * _stride];
        Parameters = new double[outputs * (_stride + 1)];
    }

    /// <summary>Weights of the scaled features, [K][stride], then the biases [K].</summary>
    public double[] Parameters { get; set; }

    /// <summary>The features' values of the last block, [rows][stride].</summary>
    public ReadOnlySpan<double> Block => _block;

    /// <summary>Values between the starts of two rows of a block, and of two outputs' weights.</summary>
    public int Stride => _stride;

    /// <summary>Logits of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="indices">Which of them, at most <see cref="BlockRows"/>.</param>
    /// <param name="logits">Receives the logits, [rows][K].</param>
    public void Forward(RowSet rows, ReadOnlySpan<int> indices, Span<double> logits)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            _features.Scale(rows, indices[i], _block.AsSpan(i * _stride, _stride));
        }

        RegressionProducts.Multiply(_block, Parameters, logits, _outputs, _stride);
        ReadOnlySpan<double> biases = Parameters.AsSpan(_outputs * _stride);
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] += biases[i % _outputs];
        }
    }
}
