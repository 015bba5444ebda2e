using Xunit;

namespace Trainer.Golden;

/// <summary>The error measure of the golden figures: absolute error over max(1, largest expected value).</summary>
internal static class AssertClose
{
    public static void Equal(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1;
        foreach (double value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]) / scale;
            if (!(error <= tolerance))
            {
                Assert.Fail($"Element {i}: expected {expected[i]:R}, actual {actual[i]:R}, error {error:E2}.");
            }
        }
    }

    public static void Equal(double expected, double actual, double tolerance) =>
        Equal([expected], [actual], tolerance);
}
