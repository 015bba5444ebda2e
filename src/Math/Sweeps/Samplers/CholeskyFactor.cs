using Trainer.Training;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// A = L L^T of a symmetric positive definite matrix, and the inverse of L. Rows have a padded stride.
/// </summary>
internal sealed class CholeskyFactor
{
    private readonly int _size;
    private readonly int _stride;
    private readonly double[] _lower;
    private readonly double[] _inverse;

    private CholeskyFactor(int size, double[] lower)
    {
        _size = size;
        _stride = RegressionProducts.Stride(size);
        _lower = lower;
        _inverse = new double[size * _stride];
    }

    /// <summary>Decomposes a matrix in place, or returns null when it is not positive definite.</summary>
    /// <param name="matrix">Lower triangle, shape [size][stride]; taken over. The rest is ignored.</param>
    /// <param name="size">Rows.</param>
    public static CholeskyFactor? Of(double[] matrix, int size)
    {
        var factor = new CholeskyFactor(size, matrix);
        if (!factor.Decompose())
        {
            return null;
        }

        factor.Invert();
        return factor;
    }

    /// <summary>log det A.</summary>
    public double LogDeterminant()
    {
        double sum = 0;
        for (int i = 0; i < _size; i++)
        {
            sum += Kernels.Elementary.Log(_lower[(i * _stride) + i]);
        }

        return 2 * sum;
    }

    /// <summary>L^-1 b.</summary>
    /// <param name="b">Shape [stride], padded with zeros.</param>
    /// <param name="result">Shape [stride].</param>
    public void SolveLower(ReadOnlySpan<double> b, Span<double> result)
    {
        for (int i = 0; i < _size; i++)
        {
            int whole = RegressionProducts.Stride(i + 1);
            result[i] = RegressionProducts.Dot(_inverse.AsSpan(i * _stride, whole), b[..whole]);
        }
    }

    /// <summary>A^-1 b.</summary>
    /// <param name="b">Shape [stride], padded with zeros.</param>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        double[] half = new double[_stride];
        SolveLower(b, half);
        double[] result = new double[_stride];
        for (int i = 0; i < _size; i++)
        {
            RegressionProducts.AddScaled(half[i], _inverse.AsSpan(i * _stride, _stride), result);
        }

        return result;
    }

    /// <summary>A^-1 = L^-T L^-1, shape [size][stride].</summary>
    public double[] Inverse()
    {
        double[] result = new double[_size * _stride];
        for (int i = 0; i < _size; i++)
        {
            int whole = RegressionProducts.Stride(i + 1);
            ReadOnlySpan<double> row = _inverse.AsSpan(i * _stride, whole);
            for (int a = 0; a <= i; a++)
            {
                RegressionProducts.AddScaled(row[a], row, result.AsSpan(a * _stride, whole));
            }
        }

        return result;
    }

    private bool Decompose()
    {
        for (int row = 0; row < _size; row++)
        {
            Span<double> current = _lower.AsSpan(row * _stride, _stride);
            for (int column = 0; column <= row; column++)
            {
                ReadOnlySpan<double> other = _lower.AsSpan(column * _stride, _stride);
                int whole = column / 4 * 4;
                double rest = current[column] - RegressionProducts.Dot(current[..whole], other[..whole]);
                for (int i = whole; i < column; i++)
                {
                    rest -= current[i] * other[i];
                }

                if (column == row && !(rest > 0))
                {
                    return false;
                }

                current[column] = column == row ? Math.Sqrt(rest) : rest / other[column];
            }

            current[(row + 1)..].Clear();
        }

        return true;
    }

    // Row i of L^-1 = (e_i - sum_{j < i} L[i,j] row j) / L[i,i].
    private void Invert()
    {
        for (int i = 0; i < _size; i++)
        {
            Span<double> row = _inverse.AsSpan(i * _stride, _stride);
            for (int j = 0; j < i; j++)
            {
                int whole = RegressionProducts.Stride(j + 1);
                RegressionProducts.AddScaled(
                    -_lower[(i * _stride) + j], _inverse.AsSpan(j * _stride, whole), row[..whole]);
            }

            row[i] = 1;
            double scale = 1 / _lower[(i * _stride) + i];
            foreach (ref double value in row)
            {
                value *= scale;
            }
        }
    }
}
