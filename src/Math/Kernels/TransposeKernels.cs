using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trainer.Kernels;

/// <summary>Transposes blocks of panels. Only moves, no arithmetic: every path gives the same bits.</summary>
internal static unsafe class TransposeKernels
{
    private const int Width = Panels.Width;
    private const int Block = 8;

    /// <summary><c>target[j][i] = source[i][j]</c> for rows of 32 floats on both sides.</summary>
    /// <param name="source">The source, [rows][32].</param>
    /// <param name="rows">Rows i of the source, at most 32.</param>
    /// <param name="columns">Columns j of the source to move, at most 32.</param>
    /// <param name="target">The target, [columns][32]; lanes from <paramref name="rows"/> on are not written.</param>
    public static void Tile(float* source, int rows, int columns, float* target)
    {
        int row = 0;
        if (Avx.IsSupported)
        {
            for (; row + Block <= rows; row += Block)
            {
                int column = 0;
                for (; column + Block <= columns; column += Block)
                {
                    Eight(source + (row * Width) + column, target + (column * Width) + row);
                }

                Scalar(source, row, row + Block, column, columns, target);
            }
        }

        Scalar(source, row, rows, 0, columns, target);
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
}
