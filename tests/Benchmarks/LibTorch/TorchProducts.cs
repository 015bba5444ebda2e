using System.Text.Json;

using TorchSharp;

using static TorchSharp.torch;

namespace Trainer.Benchmarks;

/// <summary>The products of dense layers as libtorch computes them, without biases, into tensors that exist.</summary>
internal static class TorchProducts
{
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes =
    [
        (32, 784, 512), (128, 784, 512), (256, 784, 512), (1024, 784, 512), (128, 512, 512), (256, 2048, 2048),
        (128, 512, 10),
    ];

    /// <summary>One line of JSON a shape.</summary>
    public static IEnumerable<string> Measure(double seconds)
    {
        foreach ((int rows, int inputs, int outputs) in Shapes)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            Tensor x = rand(rows, inputs) - 0.5f;
            Tensor weights = rand(outputs, inputs) - 0.5f;
            Tensor d = rand(rows, outputs) - 0.5f;
            Tensor z = zeros(rows, outputs);
            Tensor dx = zeros(rows, inputs);
            Tensor dw = zeros(outputs, inputs);
            yield return JsonSerializer.Serialize(new
            {
                library = $"libtorch {Library.Version}",
                rows,
                inputs,
                outputs,
                forward = Measure(z, x, weights.t(), seconds),
                input_gradient = Measure(dx, d, weights, seconds),
                weight_gradient = Measure(dw, d.t(), x, seconds),
            });
        }
    }

    // With beta 0 the product replaces what the result holds.
    private static object Measure(Tensor result, Tensor left, Tensor right, double seconds)
    {
        Timing timing = Timing.Of(() => _ = result.addmm_(left, right, beta: 0, alpha: 1), seconds);
        return new { best_seconds = timing.Best, median_seconds = timing.Median };
    }
}
