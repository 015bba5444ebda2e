using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trainer.Kernels;

/// <summary>Transposes blocks of panels. Only moves, no arithmetic: every path gives the same bits.</summary>
internal static unsafe class TransposeKernels
{
    private const int Width = Panels.Width;
    private const int Block = 8;
    private const int Large = 16;

    /// <summary><c>target[j][i] = source[i][j]</c> for rows of 32 floats on both sides.</summary>
    /// <param name="source">The source, [rows][32].</param>
    /// <param name="rows">Rows i of the source, at most 32.</param>
    /// <param name="columns">Columns j of the source to move, at most 32.</param>
    /// <param name="target">The target, [columns][32]; lanes from <paramref name="rows"/> on are not written.</param>
    public static void Tile(float* source, int rows, int columns, float* target)
    {
        int row = 0;
        if (LaneWidth.Has512)
        {
            for (; row + Large <= rows; row += Large)
            {
                int column = 0;
                for (; column + Large <= columns; column += Large)
                {
                    Sixteen(source + (row * Width) + column, target + (column * Width) + row);
                }

                Blocks(source, row, row + Large, column, columns, target);
            }
        }

        Blocks(source, row, rows, 0, columns, target);
    }

    private static void Blocks(float* source, int row, int rows, int firstColumn, int columns, float* target)
    {
        if (Avx.IsSupported)
        {
            for (; row + Block <= rows; row += Block)
            {
                int column = firstColumn;
                for (; column + Block <= columns; column += Block)
                {
                    Eight(source + (row * Width) + column, target + (column * Width) + row);
                }

                Scalar(source, row, row + Block, column, columns, target);
            }
        }

        Scalar(source, row, rows, firstColumn, columns, target);
    }

    private static void Scalar(float* source, int firstRow, int rows, int firstColumn, int columns, float* target)
    {
        for (int column = firstColumn; column < columns; column++)
        {
            for (int row = firstRow; row < rows; row++)
            {
                target[(column * Width) + row] = source[(row * Width) + column];
            }
        }
    }

    // Pairs of rows, then pairs of pairs, then halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* source, float* target)
    {
        (Vector256<float> a0, Vector256<float> a1) = Interleave(source);
        (Vector256<float> a2, Vector256<float> a3) = Interleave(source + (2 * Width));
        (Vector256<float> a4, Vector256<float> a5) = Interleave(source + (4 * Width));
        (Vector256<float> a6, Vector256<float> a7) = Interleave(source + (6 * Width));
        Halves(Avx.Shuffle(a0, a2, 0x44), Avx.Shuffle(a4, a6, 0x44), target);
        Halves(Avx.Shuffle(a0, a2, 0xEE), Avx.Shuffle(a4, a6, 0xEE), target + Width);
        Halves(Avx.Shuffle(a1, a3, 0x44), Avx.Shuffle(a5, a7, 0x44), target + (2 * Width));
        Halves(Avx.Shuffle(a1, a3, 0xEE), Avx.Shuffle(a5, a7, 0xEE), target + (3 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Interleave(float* rows)
    {
        Vector256<float> first = Vector256.Load(rows);
        Vector256<float> second = Vector256.Load(rows + Width);
        return (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<float> left, Vector256<float> right, float* target)
    {
        Avx.Permute2x128(left, right, 0x20).Store(target);
        Avx.Permute2x128(left, right, 0x31).Store(target + (4 * Width));
    }

    // Blocks of four rows first, within quarters of the vectors; then quarters between the blocks.
    private static void Sixteen(float* source, float* target)
    {
        Four(source, out var a0, out var a1, out var a2, out var a3);
        Four(source + (4 * Width), out var b0, out var b1, out var b2, out var b3);
        Four(source + (8 * Width), out var c0, out var c1, out var c2, out var c3);
        Four(source + (12 * Width), out var d0, out var d1, out var d2, out var d3);
        Quarters(a0, b0, c0, d0, target);
        Quarters(a1, b1, c1, d1, target + Width);
        Quarters(a2, b2, c2, d2, target + (2 * Width));
        Quarters(a3, b3, c3, d3, target + (3 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        float* rows, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        Vector512<float> r0 = Vector512.Load(rows);
        Vector512<float> r1 = Vector512.Load(rows + Width);
        Vector512<float> r2 = Vector512.Load(rows + (2 * Width));
        Vector512<float> r3 = Vector512.Load(rows + (3 * Width));
        Vector512<float> low01 = Avx512F.UnpackLow(r0, r1);
        Vector512<float> high01 = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> low23 = Avx512F.UnpackLow(r2, r3);
        Vector512<float> high23 = Avx512F.UnpackHigh(r2, r3);
        q0 = Avx512F.Shuffle(low01, low23, 0x44);
        q1 = Avx512F.Shuffle(low01, low23, 0xEE);
        q2 = Avx512F.Shuffle(high01, high23, 0x44);
        q3 = Avx512F.Shuffle(high01, high23, 0xEE);
    }

    // Each quarter of the four vectors becomes one row of the target, four rows apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target)
    {
        Vector512<float> even01 = Avx512F.Shuffle4x128(a, b, 0x88);
        Vector512<float> even23 = Avx512F.Shuffle4x128(c, d, 0x88);
        Vector512<float> odd01 = Avx512F.Shuffle4x128(a, b, 0xDD);
        Vector512<float> odd23 = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(even01, even23, 0x88).Store(target);
        Avx512F.Shuffle4x128(odd01, odd23, 0x88).Store(target + (4 * Width));
        Avx512F.Shuffle4x128(even01, even23, 0xDD).Store(target + (8 * Width));
        Avx512F.Shuffle4x128(odd01, odd23, 0xDD).Store(target + (12 * Width));
    }
}
