using System.Runtime.InteropServices;
using System.Security.Cryptography;

using Trainer.Models;

using Xunit;

namespace Trainer.Kernels;

/// <summary>
/// Digests of all kernels' outputs on fixed inputs. CI runs these tests under four instruction sets: the constants are
/// the proof that the bits do not depend on the vector width. A change of a constant is a change of the rule and needs
/// a new <see cref="KernelId"/>.
/// </summary>
public sealed class KernelDigestTests
{
    [Fact]
    public void Elementwise_AllFunctions_KeepTheirDigest()
    {
        float[] x = [.. Enumerable.Range(0, 4096).Select(i => BitConverter.Int32BitsToSingle((int)(i * 2654435761u)))];
        float[] y = new float[x.Length];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ElementwiseKernels.Exp(x, y);
        Append(hash, y);
        ElementwiseKernels.Sigmoid(x, y);
        Append(hash, y);
        ElementwiseKernels.Tanh(x, y);
        Append(hash, y);
        Append(hash, [.. x.Select(Elementary.Log)]);
        Append(hash, [.. x.Select(Elementary.Log1p)]);
        double[] wide = [.. x.Where(value => MathF.Abs(value) < 1e5f).Select(value => (double)value)];
        hash.AppendData(MemoryMarshal.AsBytes<double>(
            [.. wide.SelectMany(v => new[]
            {
                Elementary.Exp(v), Elementary.Log(Math.Abs(v)), Elementary.Sin(v), Elementary.Cos(v),
            })]));

        Assert.Equal(
            "a909c26cf0bf91dfc0908a57af7426f9bd286109943cb9ae4c55d2da6cdd6fa1",
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Activations_AllFunctions_KeepTheirDigest()
    {
        float[] x = [.. Enumerable.Range(0, 4096).Select(i => BitConverter.Int32BitsToSingle((int)(i * 2654435761u)))];
        float[] d = new float[x.Length];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, [.. x.Select(Elementary.Expm1)]);
        Append(hash, [.. x.Select(Elementary.Erf)]);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            float[] a = [.. x];
            ActivationPass.Forward(activation, x, a);
            d.AsSpan().Fill(0.75f);
            ActivationPass.Backward(activation, ActivationPass.KeepsInput(activation) ? x : a, d);
            Append(hash, a);
            Append(hash, d);
        }

        Assert.Equal(
            "ef12317d599a4dbbc61c007b5f06446ce7f7f72ae422eeceb6cfa6901eee658d",
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Dense_AllProducts_KeepTheirDigest()
    {
        var shape = new DenseShape(53, 37, 75);
        float[] x = TestMatrix.Random(53, 37, 1).ToPanels();
        float[] w = TestMatrix.Random(37, 75, 2).ToPanels();
        float[] b = TestMatrix.Random(1, 75, 3).ToPanels();
        float[] z = new float[Panels.Length(53, 75)];
        float[] dx = new float[x.Length];
        float[] dw = new float[w.Length];
        float[] db = new float[b.Length];
        float[] loss = new float[53];
        float[] labels = [.. Enumerable.Range(0, 53).Select(i => (float)i)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int panel = 0; panel < Panels.Count(75); panel++)
        {
            DenseKernels.Forward(x, w, b, z, shape, panel, 0, 53);
        }

        Append(hash, z);
        OutputKernels.SoftmaxCrossEntropy(z, labels, z, loss, 53, 75, 0, 53);
        Append(hash, z);
        Append(hash, loss);
        for (int panel = 0; panel < Panels.Count(75); panel++)
        {
            DenseKernels.WeightGradient(x, z, dw, db, shape, panel, 3, 44);
        }

        for (int panel = 0; panel < Panels.Count(37); panel++)
        {
            DenseKernels.InputGradient(z, w, dx, shape, panel, 0, 53);
        }

        Append(hash, dw);
        Append(hash, db);
        Append(hash, dx);

        Assert.Equal(
            "f196c84f33e0aefb4facd18f619a7b951065c97b7633323cbdfa6f2a46672a91",
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // Payload bits of a NaN are not part of the rule (numerics A10).
    private static void Append(IncrementalHash hash, float[] values) => hash.AppendData(
        MemoryMarshal.AsBytes<float>([.. values.Select(value => float.IsNaN(value) ? float.NaN : value)]));
}
