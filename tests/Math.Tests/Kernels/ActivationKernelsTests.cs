using Trainer.Models;

using Xunit;

namespace Trainer.Kernels;

public sealed class ActivationKernelsTests
{
    // Every length from empty to past four 512-bit vectors, so each loop and each tail runs.
    public static MatrixTheoryData<Activation, int> Cases =>
        new(Enum.GetValues<Activation>(), Enumerable.Range(0, 67));

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_AnyLength_EqualOneByOneBitForBit(Activation activation, int length)
    {
        float[] z = Arguments(length, 8f);
        float[] d = Arguments(length, 3f);
        float[] a = [.. z];
        ActivationPass.Forward(activation, z, a);
        float[] source = ActivationPass.KeepsInput(activation) ? z : a;
        float[] deltas = [.. d];
        ActivationPass.Backward(activation, source, deltas);

        for (int i = 0; i < length; i++)
        {
            float[] one = [z[i]];
            ActivationPass.Forward(activation, one, one);
            AssertBits.Equal([a[i]], one);
            one[0] = d[i];
            ActivationPass.Backward(activation, [source[i]], one);
            AssertBits.Equal([deltas[i]], one);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ForwardAndBackward_Sweep_CloseToTheReference(Activation activation)
    {
        float[] z = [.. Enumerable.Range(0, 40_001).Select(i => -20f + (i * 0.001f))];
        float[] a = [.. z];
        float[] d = new float[z.Length];
        d.AsSpan().Fill(1f);

        ActivationPass.Forward(activation, z, a);
        ActivationPass.Backward(activation, ActivationPass.KeepsInput(activation) ? z : a, d);

        for (int i = 0; i < z.Length; i++)
        {
            double value = ReferenceActivation.Value(activation, z[i]);
            Assert.Equal(value, a[i], 4e-7 * Math.Max(1, Math.Abs(value)));
            Assert.Equal(ReferenceActivation.Derivative(activation, z[i]), d[i], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ForwardAndBackward_NaN_StaysNaN(Activation activation)
    {
        float[] a = [float.NaN];
        float[] d = [float.NaN];

        ActivationPass.Forward(activation, a, a);
        ActivationPass.Backward(activation, [1f], d);

        Assert.True(float.IsNaN(a[0]));
        Assert.True(float.IsNaN(d[0]));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void ForwardAndBackward_HugeArguments_StayFinite(Activation activation)
    {
        float[] z = [-1e30f, -200f, 200f, 1e30f];
        float[] a = [.. z];
        float[] d = [1f, 1f, 1f, 1f];

        ActivationPass.Forward(activation, z, a);
        ActivationPass.Backward(activation, ActivationPass.KeepsInput(activation) ? z : a, d);

        Assert.All(a, value => Assert.True(float.IsFinite(value), $"{value}"));
        Assert.All(d, value => Assert.True(float.IsFinite(value), $"{value}"));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Backward_SubnormalDelta_BecomesPositiveZero(Activation activation)
    {
        float[] d = [-1e-39f, 1e-39f];

        ActivationPass.Backward(activation, [0.5f, 0.5f], d);

        AssertBits.Equal([0f, 0f], d);
    }

    private static float[] Arguments(int length, float scale)
    {
        var random = new SeededRandom((ulong)length, RandomStream.Generator);
        return [.. Enumerable.Range(0, length).Select(i => ((random.Uniform(0, (ulong)i) * 2f) - 1f) * scale)];
    }
}
