using System.Globalization;

using Xunit;

namespace Trainer.Kernels;

/// <summary>The table of softmax in <c>docs/lecture.md</c> is what the kernel computes.</summary>
public sealed class LectureSoftmaxTests
{
    [Fact]
    public void Softmax_TableOfTheLecture_IsWhatTheKernelGives()
    {
        double[][] table = Table();
        float[] z = new float[Panels.Width];
        float[] p = new float[Panels.Width];
        table.Select(row => (float)row[0]).ToArray().CopyTo(z, 0);

        OutputKernels.Softmax(z, p, 1, table.Length, 0, 1);

        Assert.Equal([1.1, 2.2, 0.2, -1.7], table.Select(row => row[0]));
        Assert.Equal(table.Select(row => row[2]), p[..4].Select(value => Math.Round(value, 4)));
        Assert.Equal(table.Select(row => row[1]), table.Select(row => Math.Round(Math.Exp(row[0]), 4)));
    }

    private static double[][] Table()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "docs", "lecture.md")))
        {
            root = Path.GetDirectoryName(root)
                ?? throw new InvalidOperationException("There is no docs/lecture.md above the tests.");
        }

        return
        [
            .. File.ReadLines(Path.Combine(root, "docs", "lecture.md"))
                .SkipWhile(line => line != "| z | e^z | p |")
                .Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|', StringSplitOptions.RemoveEmptyEntries)
                    .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))
                    .ToArray()),
        ];
    }
}
