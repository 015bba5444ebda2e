using Trainer.Data;

namespace Trainer.Training;

/// <summary>
/// Features as a regression sees them, <c>(x - mean) / scale</c> in double: the solution does not change, but is found
/// in far fewer steps, whatever the units of the features are.
/// </summary>
internal sealed class ScaledFeatures
{
    // Below this fraction of its mean a deviation is the rounding of the sums.
    private const double ConstantDeviation = 1e-12;

    private readonly double[] _means;
    private readonly float[] _row;

    private ScaledFeatures(double[] means, double[] scales)
    {
        (_means, Scales, _row) = (means, scales, new float[means.Length]);
    }

    /// <summary>Divisor of each feature, above 0.</summary>
    public double[] Scales { get; }

    /// <summary>Measures the training rows that a regression uses.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="used">How many of them are used, evenly strided.</param>
    /// <param name="curvature">
    /// Added to the variance in a scale's square, so that the penalty bends the objective as much as the loss does; 0
    /// without one.
    /// </param>
    /// <param name="cancellationToken">Stops between two blocks of rows.</param>
    public static ScaledFeatures Measure(
        RowSet train, int used, double curvature, CancellationToken cancellationToken)
    {
        float[] scratch = new float[train.FeatureCount];
        double[] means = new double[train.FeatureCount];
        double[] squares = new double[train.FeatureCount];
        for (int row = 0; row < used; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> features = train.FeaturesOf(RowOf(train, used, row), scratch);
            for (int i = 0; i < features.Length; i++)
            {
                means[i] += features[i];
            }
        }

        for (int i = 0; i < means.Length; i++)
        {
            means[i] /= used;
        }

        for (int row = 0; row < used; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<float> features = train.FeaturesOf(RowOf(train, used, row), scratch);
            for (int i = 0; i < features.Length; i++)
            {
                double distance = features[i] - means[i];
                squares[i] += distance * distance;
            }
        }

        for (int i = 0; i < squares.Length; i++)
        {
            double deviation = Math.Sqrt(squares[i] / used);
            bool constant = deviation <= ConstantDeviation * Math.Abs(means[i]);
            double scale = Math.Sqrt((constant ? 0 : deviation * deviation) + curvature);
            squares[i] = scale > 0 ? scale : 1;
        }

        return new ScaledFeatures(means, squares);
    }

    /// <summary>The training row that stands at a place among the used ones.</summary>
    public static int RowOf(RowSet train, int used, int place) => (int)((long)place * train.Count / used);

    /// <summary>Scales one row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="result">Receives the features; what lies past them is left alone.</param>
    public void Scale(RowSet rows, int row, Span<double> result)
    {
        ReadOnlySpan<float> features = rows.FeaturesOf(row, _row);
        for (int i = 0; i < features.Length; i++)
        {
            result[i] = (features[i] - _means[i]) / Scales[i];
        }
    }
}
