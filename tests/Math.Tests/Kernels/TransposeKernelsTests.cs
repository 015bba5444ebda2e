using Xunit;

namespace Trainer.Kernels;

public sealed class TransposeKernelsTests
{
    [Fact]
    public unsafe void Tile_AnyRowsAndColumns_MovesThemAndNothingElse()
    {
        float[] source = [.. Enumerable.Range(1, 32 * 32).Select(i => (float)i)];
        for (int rows = 0; rows <= 32; rows++)
        {
            for (int columns = 0; columns <= 32; columns++)
            {
                float[] target = new float[32 * 32];
                fixed (float* from = source, to = target)
                {
                    TransposeKernels.Tile(from, rows, columns, to);
                }

                float[] expected = new float[target.Length];
                for (int i = 0; i < expected.Length; i++)
                {
                    (int column, int row) = Math.DivRem(i, 32);
                    expected[i] = row < rows && column < columns ? source[(row * 32) + column] : 0f;
                }

                AssertBits.Equal(expected, target);
            }
        }
    }
}
