using Xunit;

namespace Trainer.Kernels;

/// <summary>Equality of bit patterns: +0 and -0 differ.</summary>
internal static class AssertBits
{
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"Element {i} of {expected.Length}: expected {expected[i]:R}, actual {actual[i]:R}.");
            }
        }
    }
}
