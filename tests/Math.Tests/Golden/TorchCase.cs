using System.Collections.Immutable;
using System.Text.Json.Serialization;

using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Golden;

/// <summary>One network of the fixture.</summary>
/// <remarks>Flat vectors are in PyTorch's order: layers.0.weight row-major, layers.0.bias, ...</remarks>
internal sealed class TorchCase
{
    private static readonly double[] RegressionTargets = [.5, -.25, 1, 0, -.75, .3, .2, .9];
    private static readonly double[] BinaryTargets = [1, 0, 1, 0];
    private static readonly double[] ClassTargets = [0, 2, 1, 2];

    [JsonPropertyName("hidden_act"), JsonRequired]
    public required string HiddenActivation { get; init; }

    /// <summary>Output unit and loss: linear+mse, sigmoid+bce or softmax+ce.</summary>
    [JsonPropertyName("head"), JsonRequired]
    public required string Head { get; init; }

    /// <summary>Inputs, hidden widths, outputs.</summary>
    [JsonPropertyName("dims"), JsonRequired]
    public required int[] Dimensions { get; init; }

    [JsonPropertyName("loss"), JsonRequired]
    public required double Loss { get; init; }

    /// <summary>Logits, [rows][outputs].</summary>
    [JsonPropertyName("logits"), JsonRequired]
    public required double[][] Logits { get; init; }

    /// <summary>Gradients a layer.</summary>
    [JsonPropertyName("grads"), JsonRequired]
    public required TorchLayerGradient[] Gradients { get; init; }

    public string Name => $"{HiddenActivation} {Head} {string.Join('-', Dimensions)}";

    public Activation Activation => HiddenActivation switch
    {
        "leaky_relu0.01" => Activation.LeakyRelu,
        "gelu_erf" => Activation.Gelu,
        _ => Enum.Parse<Activation>(HiddenActivation, ignoreCase: true),
    };

    public int Layers => Dimensions.Length - 1;

    /// <summary>The network.</summary>
    public MlpArchitecture Architecture
    {
        get
        {
            (OutputUnit unit, LossFunction loss) = Head switch
            {
                "linear+mse" => (OutputUnit.Linear, LossFunction.MeanSquaredError),
                "sigmoid+bce" => (OutputUnit.Sigmoid, LossFunction.BinaryCrossEntropy),
                "softmax+ce" => (OutputUnit.Softmax, LossFunction.CrossEntropy),
                _ => throw new InvalidOperationException($"The fixture has an unknown head '{Head}'."),
            };
            ImmutableArray<int> hidden = [.. Dimensions[1..^1]];
            return new MlpArchitecture(Dimensions[0], hidden, Activation, Dimensions[^1], unit, loss);
        }
    }

    /// <summary>Inputs, row-major [4, 3].</summary>
    public double[] Inputs => [.. TorchFigures.Instance.Inputs.SelectMany(row => row)];

    public int Rows => TorchFigures.Instance.Inputs.Length;

    /// <summary>Targets as in a row set: values row-major, 0/1, or class indices.</summary>
    public double[] Targets => [.. Head switch
    {
        "linear+mse" => RegressionTargets,
        "sigmoid+bce" => BinaryTargets,
        _ => ClassTargets,
    }];

    /// <summary>All parameters, flat.</summary>
    public double[] Parameters =>
        [.. Enumerable.Range(0, Layers).SelectMany(layer => Weights(layer).Concat(Biases(layer)))];

    /// <summary>Gradient of the loss by all parameters, flat.</summary>
    public double[] Gradient =>
        [.. Gradients.SelectMany(layer => layer.Weights.SelectMany(row => row).Concat(layer.Biases))];

    /// <summary>Weights of a layer, row-major [out, in].</summary>
    public double[] Weights(int layer) =>
    [
        .. from output in Enumerable.Range(0, Dimensions[layer + 1])
           from input in Enumerable.Range(0, Dimensions[layer])
           select ((((7 * output) + (3 * input) + layer) % 11) - 5) / 10.0,
    ];

    /// <summary>Biases of a layer, [out].</summary>
    public double[] Biases(int layer) =>
        [.. Enumerable.Range(0, Dimensions[layer + 1]).Select(output => ((((5 * output) + layer) % 7) - 3) / 10.0)];

    public override string ToString() => Name;
}

/// <summary>Gradients of one layer.</summary>
internal sealed class TorchLayerGradient
{
    /// <summary>[out][in].</summary>
    [JsonPropertyName("dW"), JsonRequired]
    public required double[][] Weights { get; init; }

    /// <summary>[out].</summary>
    [JsonPropertyName("db"), JsonRequired]
    public required double[] Biases { get; init; }
}
