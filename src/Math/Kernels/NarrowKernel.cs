using System.Runtime.Intrinsics;

namespace Trainer.Kernels;

/// <summary>
/// The forward product of a panel with at most 16 outputs, at 512 bits: half a panel is one vector, so that its other
/// half, padding, costs nothing. The chains are those of <see cref="MicroKernel"/>.
/// </summary>
internal static unsafe class NarrowKernel
{
    /// <summary>Rows of a tile: as many chains as hide the latency of the multiply-adds.</summary>
    public const int Rows = 16;

    /// <summary>Most outputs of a panel.</summary>
    public const int Columns = 16;

    private const int Width = Panels.Width;

    /// <summary>Logits of 16 rows: lanes 0 to 15 of each, and +0 in the others.</summary>
    /// <param name="x">First row of the inputs in panels.</param>
    /// <param name="panelStride">Floats from one input panel to the next.</param>
    /// <param name="weights">The output panel, [I][32].</param>
    /// <param name="inputs">I.</param>
    /// <param name="bias">Biases of the panel.</param>
    /// <param name="z">First row of the result, [16][32].</param>
    public static void Forward(float* x, nint panelStride, float* weights, int inputs, float* bias, float* z)
    {
        Vector512<float> zero = Vector512<float>.Zero;
        Vector512<float> c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
        Vector512<float> c8 = zero, c9 = zero, c10 = zero, c11 = zero, c12 = zero, c13 = zero, c14 = zero, c15 = zero;
        for (int left = inputs; left > 0; left -= Width, x += panelStride)
        {
            float* row = x;
            float* end = weights + ((nint)Math.Min(Width, left) * Width);
            for (; weights != end; row++, weights += Width)
            {
                var w = Vector512.Load(weights);
                c0 = Vector512.FusedMultiplyAdd(Vector512.Create(row[0]), w, c0);
                c1 = Vector512.FusedMultiplyAdd(Vector512.Create(row[Width]), w, c1);
                c2 = Vector512.FusedMultiplyAdd(Vector512.Create(row[2 * Width]), w, c2);
                c3 = Vector512.FusedMultiplyAdd(Vector512.Create(row[3 * Width]), w, c3);
                c4 = Vector512.FusedMultiplyAdd(Vector512.Create(row[4 * Width]), w, c4);
                c5 = Vector512.FusedMultiplyAdd(Vector512.Create(row[5 * Width]), w, c5);
                c6 = Vector512.FusedMultiplyAdd(Vector512.Create(row[6 * Width]), w, c6);
                c7 = Vector512.FusedMultiplyAdd(Vector512.Create(row[7 * Width]), w, c7);
                c8 = Vector512.FusedMultiplyAdd(Vector512.Create(row[8 * Width]), w, c8);
                c9 = Vector512.FusedMultiplyAdd(Vector512.Create(row[9 * Width]), w, c9);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(row[10 * Width]), w, c10);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(row[11 * Width]), w, c11);
                c12 = Vector512.FusedMultiplyAdd(Vector512.Create(row[12 * Width]), w, c12);
                c13 = Vector512.FusedMultiplyAdd(Vector512.Create(row[13 * Width]), w, c13);
                c14 = Vector512.FusedMultiplyAdd(Vector512.Create(row[14 * Width]), w, c14);
                c15 = Vector512.FusedMultiplyAdd(Vector512.Create(row[15 * Width]), w, c15);
            }
        }

        var b = Vector512.Load(bias);
        Store(c0 + b, z);
        Store(c1 + b, z + Width);
        Store(c2 + b, z + (2 * Width));
        Store(c3 + b, z + (3 * Width));
        Store(c4 + b, z + (4 * Width));
        Store(c5 + b, z + (5 * Width));
        Store(c6 + b, z + (6 * Width));
        Store(c7 + b, z + (7 * Width));
        Store(c8 + b, z + (8 * Width));
        Store(c9 + b, z + (9 * Width));
        Store(c10 + b, z + (10 * Width));
        Store(c11 + b, z + (11 * Width));
        Store(c12 + b, z + (12 * Width));
        Store(c13 + b, z + (13 * Width));
        Store(c14 + b, z + (14 * Width));
        Store(c15 + b, z + (15 * Width));
    }

    private static void Store(Vector512<float> sum, float* row)
    {
        sum.Store(row);
        Vector512<float>.Zero.Store(row + Columns);
    }
}
