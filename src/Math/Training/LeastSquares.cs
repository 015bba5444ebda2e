using Trainer.Data;

namespace Trainer.Training;

/// <summary>
/// Linear regression in closed form: the normal equations of centred features by Cholesky's decomposition, in double.
/// </summary>
internal static class LeastSquares
{
    /// <summary>Fits the parameters of a model.</summary>
    /// <param name="train">Training rows; all are used.</param>
    /// <param name="outputs">Targets K.</param>
    /// <param name="features">Scaling measured on all training rows.</param>
    /// <param name="ridge">
    /// Added to the mean square of each scaled feature: collinear features share their weight.
    /// </param>
    /// <param name="cancellationToken">Stops between two blocks of rows.</param>
    public static RegressionModel Fit(
        RowSet train, int outputs, ScaledFeatures features, double ridge, CancellationToken cancellationToken)
    {
        var model = new RegressionModel(features, outputs);
        int stride = model.Stride;
        double[] means = TargetMeans(train, outputs);
        double[] squares = new double[stride * stride];
        double[] products = new double[outputs * stride];
        double[] block = new double[RegressionModel.BlockRows * stride];
        double[] targets = new double[RegressionModel.BlockRows * outputs];
        for (int first = 0; first < train.Count; first += RegressionModel.BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(RegressionModel.BlockRows, train.Count - first);
            for (int row = 0; row < count; row++)
            {
                features.Scale(train, first + row, block.AsSpan(row * stride, stride));
                ReadOnlySpan<float> values = train.TargetsOf(first + row);
                for (int output = 0; output < outputs; output++)
                {
                    targets[(row * outputs) + output] = values[output] - means[output];
                }
            }

            RegressionProducts.AddOuter(block.AsSpan(0, count * stride), block, squares, stride, stride);
            RegressionProducts.AddOuter(targets.AsSpan(0, count * outputs), block, products, outputs, stride);
        }

        for (int i = 0; i < stride; i++)
        {
            squares[(i * stride) + i] += ridge * train.Count;
        }

        Decompose(squares, stride, cancellationToken);
        for (int output = 0; output < outputs; output++)
        {
            Solve(squares, products.AsSpan(output * stride, stride));
        }

        products.CopyTo(model.Parameters, 0);
        means.CopyTo(model.Parameters, products.Length);
        return model;
    }

    /// <summary>Mean of each target over all rows.</summary>
    public static double[] TargetMeans(RowSet rows, int outputs)
    {
        double[] means = new double[outputs];
        for (int row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> targets = rows.TargetsOf(row);
            for (int output = 0; output < outputs; output++)
            {
                means[output] += targets[output];
            }
        }

        for (int output = 0; output < outputs; output++)
        {
            means[output] /= rows.Count;
        }

        return means;
    }

    // A = L L^T, in place, [n][n]; n is a multiple of four.
    private static void Decompose(double[] matrix, int size, CancellationToken cancellationToken)
    {
        for (int row = 0; row < size; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<double> current = matrix.AsSpan(row * size, size);
            for (int column = 0; column < row; column++)
            {
                ReadOnlySpan<double> other = matrix.AsSpan(column * size, size);
                int whole = column / 4 * 4;
                double sum = RegressionProducts.Dot(current[..whole], other[..whole]);
                for (int i = whole; i < column; i++)
                {
                    sum += current[i] * other[i];
                }

                current[column] = (current[column] - sum) / other[column];
            }

            double square = current[row];
            for (int i = 0; i < row; i++)
            {
                square -= current[i] * current[i];
            }

            current[row] = Math.Sqrt(square);
        }
    }

    // L L^T x = b, in place.
    private static void Solve(double[] lower, Span<double> x)
    {
        int size = x.Length;
        for (int row = 0; row < size; row++)
        {
            double sum = x[row];
            for (int i = 0; i < row; i++)
            {
                sum -= lower[(row * size) + i] * x[i];
            }

            x[row] = sum / lower[(row * size) + row];
        }

        for (int row = size - 1; row >= 0; row--)
        {
            double sum = x[row];
            for (int i = row + 1; i < size; i++)
            {
                sum -= lower[(i * size) + row] * x[i];
            }

            x[row] = sum / lower[(row * size) + row];
        }
    }
}
