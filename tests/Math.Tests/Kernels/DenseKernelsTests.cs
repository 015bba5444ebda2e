using Xunit;

namespace Trainer.Kernels;

public sealed class DenseKernelsTests
{
    // Every row count through two tiles and tails; widths around one and two panels.
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            int[] widths = [1, 2, 5, 16, 31, 32, 33, 40, 64, 70];
            for (int rows = 1; rows <= 21; rows++)
            {
                shapes.Add(rows, widths[rows % widths.Length], widths[rows * 7 % widths.Length]);
                shapes.Add(rows, widths[rows * 3 % widths.Length], widths[(rows + 4) % widths.Length]);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_AnyShape_EqualsOneChainAnElement(int rows, int inputs, int outputs)
    {
        TestMatrix x = TestMatrix.Random(rows, inputs, 1);
        TestMatrix w = TestMatrix.Random(outputs, inputs, 2);
        TestMatrix bias = TestMatrix.Random(1, outputs, 3);
        float[] z = new float[Panels.Length(rows, outputs)];
        float[] weights = w.Transposed().ToPanels();

        for (int panel = 0; panel < Panels.Count(outputs); panel++)
        {
            int first = rows / 3;
            DenseKernels.Forward(
                x.ToPanels(), weights, bias.ToPanels(), z, new(rows, inputs, outputs), panel, 0, first);
            DenseKernels.Forward(
                x.ToPanels(), weights, bias.ToPanels(), z, new(rows, inputs, outputs), panel, first, rows - first);
        }

        TestMatrix expected = TestMatrix.Create(rows, outputs, (r, o) =>
        {
            float c = 0f;
            for (int i = 0; i < inputs; i++)
            {
                c = MathF.FusedMultiplyAdd(x[r, i], w[o, i], c);
            }

            return c + bias[0, o];
        });
        AssertBits.Equal(expected.ToPanels(), z);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void InputGradient_AnyShape_EqualsOneChainAnElement(int rows, int inputs, int outputs)
    {
        TestMatrix d = TestMatrix.Random(rows, outputs, 4);
        TestMatrix w = TestMatrix.Random(outputs, inputs, 5);
        float[] dx = new float[Panels.Length(rows, inputs)];
        float[] weights = w.Transposed().ToPanels();

        for (int panel = 0; panel < Panels.Count(inputs); panel++)
        {
            int first = rows / 2;
            DenseKernels.InputGradient(d.ToPanels(), weights, dx, new(rows, inputs, outputs), panel, 0, first);
            DenseKernels.InputGradient(
                d.ToPanels(), weights, dx, new(rows, inputs, outputs), panel, first, rows - first);
        }

        TestMatrix expected = TestMatrix.Create(rows, inputs, (r, i) =>
        {
            float c = 0f;
            for (int o = 0; o < outputs; o++)
            {
                c = MathF.FusedMultiplyAdd(d[r, o], w[o, i], c);
            }

            return c;
        });
        AssertBits.Equal(expected.ToPanels(), dx);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WeightGradient_RowsOfAShard_EqualsOneChainAnElement(int rows, int inputs, int outputs)
    {
        TestMatrix x = TestMatrix.Random(rows, inputs, 6);
        TestMatrix d = TestMatrix.Random(rows, outputs, 7);
        float[] dw = new float[Panels.Length(inputs, outputs)];
        float[] db = new float[Panels.Length(1, outputs)];
        int first = rows / 4;
        int count = rows - first - (rows / 5);

        for (int panel = 0; panel < Panels.Count(outputs); panel++)
        {
            DenseKernels.WeightGradient(
                x.ToPanels(), d.ToPanels(), dw, db, new(rows, inputs, outputs), panel, first, count);
        }

        TestMatrix expectedWeights = TestMatrix.Create(inputs, outputs, (i, o) =>
        {
            float c = 0f;
            for (int r = first; r < first + count; r++)
            {
                c = MathF.FusedMultiplyAdd(x[r, i], d[r, o], c);
            }

            return c;
        });
        TestMatrix expectedBias = TestMatrix.Create(1, outputs, (_, o) =>
        {
            float c = 0f;
            for (int r = first; r < first + count; r++)
            {
                c += d[r, o];
            }

            return c;
        });
        AssertBits.Equal(expectedWeights.ToPanels(), dw);
        AssertBits.Equal(expectedBias.ToPanels(), db);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WeightGradient_RowsInBlocks_ContinuesTheChains(int rows, int inputs, int outputs)
    {
        var shape = new DenseShape(rows, inputs, outputs);
        float[] x = TestMatrix.Random(rows, inputs, 8).ToPanels();
        float[] d = TestMatrix.Random(rows, outputs, 9).ToPanels();
        (float[] dw, float[] db) = (new float[Panels.Length(inputs, outputs)], new float[Panels.Length(1, outputs)]);
        (float[] expectedDw, float[] expectedDb) = (new float[dw.Length], new float[db.Length]);
        int first = rows / 3;

        for (int panel = 0; panel < Panels.Count(outputs); panel++)
        {
            DenseKernels.WeightGradient(x, d, expectedDw, expectedDb, shape, panel, 0, rows);
            DenseKernels.WeightGradient(x, d, dw, db, shape, panel, 0, first);
            DenseKernels.WeightGradient(x, d, dw, db, shape, panel, first, rows - first, continues: true);
        }

        AssertBits.Equal(expectedDw, dw);
        AssertBits.Equal(expectedDb, db);
    }

    [Fact]
    public void WeightGradient_NoRows_IsPositiveZero()
    {
        float[] dw = [.. Enumerable.Repeat(1f, Panels.Length(3, 2))];
        float[] db = [.. Enumerable.Repeat(1f, Panels.Length(1, 2))];

        DenseKernels.WeightGradient(new float[64], new float[64], dw, db, new(2, 3, 2), 0, 1, 0);

        AssertBits.Equal(new float[dw.Length], dw);
        AssertBits.Equal(new float[db.Length], db);
    }

    [Fact]
    public void WeightGradient_NegativeZeroProducts_KeepTheSignOfTheChain()
    {
        // fma(-1, 0, +0) is +0, but a chain that ends -tiny * tiny underflows to -0: nothing may be skipped or padded.
        float[] x = new float[Panels.Length(1, 1)];
        float[] d = new float[Panels.Length(1, 1)];
        x[0] = -1e-30f;
        d[0] = 1e-30f;
        float[] dw = new float[32];
        float[] db = new float[32];

        DenseKernels.WeightGradient(x, d, dw, db, new(1, 1, 1), 0, 0, 1);

        Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(dw[0]));
    }

    [Fact]
    public void Forward_ShortSpan_ThrowsNamingLengthAndNeed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => DenseKernels.Forward(
                new float[31], new float[64], new float[32], new float[32], new(1, 2, 1), 0, 0, 1));

        Assert.StartsWith("'x' has length 31; these shapes need at least 32.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_RowsOutside_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => DenseKernels.Forward(new float[64], new float[64], new float[32], new float[64], new(2, 2, 1), 0, 1, 2));
}
