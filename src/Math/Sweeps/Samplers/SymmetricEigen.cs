namespace Trainer.Sweeps.Samplers;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix: A = B diag(d) B^T.</summary>
/// <remarks>Source: cyclic Jacobi rotations, Golub and Van Loan, "Matrix computations", section 8.5.</remarks>
internal static class SymmetricEigen
{
    private const int MostSweeps = 50;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Shape [n, n]; not changed.</param>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        double[,] vectors = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            vectors[i, i] = 1;
        }

        for (int sweep = 0; sweep < MostSweeps && !IsDiagonal(a); sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Rotate(a, vectors, p, q);
                }
            }
        }

        double[] values = new double[n];
        for (int i = 0; i < n; i++)
        {
            values[i] = a[i, i];
        }

        return (values, vectors);
    }

    private static bool IsDiagonal(double[,] a)
    {
        double off = 0;
        double on = 0;
        for (int i = 0; i < a.GetLength(0); i++)
        {
            on += a[i, i] * a[i, i];
            for (int j = 0; j < i; j++)
            {
                off += a[i, j] * a[i, j];
            }
        }

        return off <= 1e-28 * on;
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1);
        double s = t * c;
        for (int k = 0; k < a.GetLength(0); k++)
        {
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
            (vectors[k, p], vectors[k, q]) =
                ((c * vectors[k, p]) - (s * vectors[k, q]), (s * vectors[k, p]) + (c * vectors[k, q]));
        }

        for (int k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
        }

        (a[p, q], a[q, p]) = (0, 0);
    }
}
