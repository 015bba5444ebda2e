using Xunit;

namespace Trainer.Kernels;

public sealed class ByteKernelsTests
{
    // Every length to past two panels, so that each loop and each tail runs.
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 71)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Scale_AnyLength_EqualsTheScalarBitForBit(int length)
    {
        (byte[] x, double[] offsets, double[] scales) = Columns(length);
        float[] actual = [.. Enumerable.Repeat(-7f, Panels.Length(1, length))];
        float[] expected = [.. actual];
        for (int i = 0; i < length; i++)
        {
            expected[i] = (float)((x[i] - offsets[i]) / scales[i]);
        }

        ByteKernels.Scale(x, offsets, scales, actual, Panels.Width);

        AssertBits.Equal(expected, actual);
    }

    [Fact]
    public void Scale_RowOfPanels_WritesItsPlacesOnly()
    {
        (byte[] x, double[] offsets, double[] scales) = Columns(70);
        float[] plain = new float[Panels.Length(1, x.Length)];
        float[] panels = new float[Panels.Length(3, x.Length)];
        ByteKernels.Scale(x, offsets, scales, plain, Panels.Width);

        ByteKernels.Scale(x, offsets, scales, panels.AsSpan(Panels.Width), 3 * Panels.Width);

        for (int column = 0; column < x.Length; column++)
        {
            Assert.Equal(plain[column], panels[Panels.Index(3, 1, column)]);
            panels[Panels.Index(3, 1, column)] = 0;
        }

        Assert.All(panels, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Scale_WhatDoesNotFit_Throws()
    {
        (byte[] x, double[] offsets, double[] scales) = Columns(40);
        float[] y = new float[40];

        ByteKernels.Scale(x, offsets, scales, y, 32);
        Assert.Throws<ArgumentException>(() => ByteKernels.Scale(x, offsets, scales, y, 33));
        Assert.Throws<ArgumentException>(() => ByteKernels.Scale(x, offsets, scales, y, 31));
        Assert.Throws<ArgumentException>(() => ByteKernels.Scale(x, offsets[1..], scales, y, 32));
        Assert.Throws<ArgumentException>(() => ByteKernels.Scale(x, offsets, scales[1..], y, 32));
    }

    private static (byte[] X, double[] Offsets, double[] Scales) Columns(int length)
    {
        var random = new SeededRandom((ulong)length, RandomStream.Generator);
        byte[] x = [.. Enumerable.Range(0, length).Select(i => (byte)(random.Uniform(0, (ulong)i) * 256))];
        double[] offsets =
            [.. Enumerable.Range(0, length).Select(i => i % 5 == 0 ? 0 : random.Uniform(1, (ulong)i) * 255.0)];
        double[] scales =
        [
            .. Enumerable.Range(0, length).Select(i => i % 7 == 3
                ? double.PositiveInfinity
                : 0.01 + (random.Uniform(2, (ulong)i) * 100.0)),
        ];
        for (int i = 3; i < length; i += 7)
        {
            offsets[i] = 0;
        }

        return (x, offsets, scales);
    }
}
