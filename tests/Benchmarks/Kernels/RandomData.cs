using Trainer.Kernels;

namespace Trainer.Benchmarks;

/// <summary>Seeded numbers from -0.5 to 0.5 for the benchmarks.</summary>
internal static class RandomData
{
    /// <summary>A vector.</summary>
    public static float[] Vector(int length, ulong seed)
    {
        var random = new SeededRandom(seed, RandomStream.Generator);
        return [.. Enumerable.Range(0, length).Select(i => random.Uniform(0, (ulong)i) - 0.5f)];
    }

    /// <summary>A row-major matrix [rows, columns] in panels; padding lanes are +0.</summary>
    public static float[] ToPanels(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        float[] panels = new float[Panels.Length(rows, columns)];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                panels[Panels.Index(rows, row, column)] = matrix[(row * columns) + column];
            }
        }

        return panels;
    }
}
