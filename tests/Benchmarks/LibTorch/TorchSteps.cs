using System.Text.Json;

using TorchSharp;
using TorchSharp.Modules;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Trainer.Benchmarks;

/// <summary>Training steps on the networks of <c>trainer bench step</c>.</summary>
internal static class TorchSteps
{
    private const int Batches = 16;
    private const double LearningRate = 1e-4;

    private static readonly Network[] Networks =
    [
        new("a", [784, 512, 256, 10], () => ReLU(), 128),
        new("b", [784, 2048, 2048, 10], () => ReLU(), 256),
        new("c", [13, 64, 32, 1], Sigmoid, 32),
        new("d", [2, 8, 8, 1], Tanh, 10),
    ];

    /// <summary>One line of JSON for each network and optimizer.</summary>
    public static IEnumerable<string> Measure(double seconds) =>
        from network in Networks
        from optimizer in new[] { "sgd", "adam" }
        select Measure(network, optimizer, seconds);

    private static string Measure(Network network, string optimizer, double seconds)
    {
        using DisposeScope scope = NewDisposeScope();
        Sequential model = network.Create();
        using optim.Optimizer rule = optimizer == "sgd"
            ? optim.SGD(model.parameters(), LearningRate, momentum: 0.9)
            : optim.Adam(model.parameters(), LearningRate);
        bool classifies = network.Widths[^1] > 1;
        Tensor[] x = [.. Repeat(() => rand(network.Batch, network.Widths[0]) - 0.5f)];
        Tensor[] y =
        [
            .. Repeat(() => classifies
                ? randint(network.Widths[^1], [network.Batch], dtype: int64)
                : randint(2, [network.Batch, 1], dtype: float32)),
        ];
        Loss<Tensor, Tensor, Tensor> loss = classifies ? CrossEntropyLoss() : BCEWithLogitsLoss();
        int count = 0;
        Timing timing = Timing.Of(Step, seconds);
        return JsonSerializer.Serialize(new
        {
            library = $"libtorch {Library.Version}",
            network = network.Name,
            optimizer,
            best_rows_per_second = network.Batch / timing.Best,
            median_rows_per_second = network.Batch / timing.Median,
        });

        void Step()
        {
            using DisposeScope step = NewDisposeScope();
            rule.zero_grad();
            loss.call(model.call(x[count % Batches]), y[count % Batches]).backward();
            rule.step();
            count++;
        }
    }

    private static IEnumerable<Tensor> Repeat(Func<Tensor> create) =>
        Enumerable.Range(0, Batches).Select(_ => create());

    private sealed record Network(string Name, int[] Widths, Func<Module<Tensor, Tensor>> Activation, int Batch)
    {
        public Sequential Create()
        {
            List<Module<Tensor, Tensor>> layers = [];
            for (int layer = 1; layer < Widths.Length; layer++)
            {
                layers.Add(Linear(Widths[layer - 1], Widths[layer]));
                if (layer < Widths.Length - 1)
                {
                    layers.Add(Activation());
                }
            }

            return Sequential(layers);
        }
    }
}
