using Trainer.Losses;
using Trainer.Models;
using Trainer.Preprocessing;

namespace Trainer.Jobs.Schema;

/// <summary>What values of Math are called in job files.</summary>
internal static class ValueNames
{
    /// <summary>Activations of hidden layers.</summary>
    public static readonly (string Name, Activation Value)[] Activations =
    [
        ("identity", Activation.Identity),
        ("sigmoid", Activation.Sigmoid),
        ("tanh", Activation.Tanh),
        ("relu", Activation.Relu),
        ("leaky_relu", Activation.LeakyRelu),
        ("elu", Activation.Elu),
        ("selu", Activation.Selu),
        ("gelu", Activation.Gelu),
        ("silu", Activation.Silu),
        ("softplus", Activation.Softplus),
    ];

    /// <summary>Output units.</summary>
    public static readonly (string Name, OutputUnit Value)[] OutputUnits =
    [
        ("linear", OutputUnit.Linear),
        ("sigmoid", OutputUnit.Sigmoid),
        ("softmax", OutputUnit.Softmax),
    ];

    /// <summary>Losses.</summary>
    public static readonly (string Name, LossFunction Value)[] Losses =
    [
        ("mse", LossFunction.MeanSquaredError),
        ("binary_cross_entropy", LossFunction.BinaryCrossEntropy),
        ("cross_entropy", LossFunction.CrossEntropy),
        ("perceptron", LossFunction.Perceptron),
    ];

    /// <summary>Initialisations.</summary>
    public static readonly (string Name, WeightInitialization Value)[] Initializations =
    [
        ("he", WeightInitialization.He),
        ("xavier", WeightInitialization.Xavier),
        ("lecun", WeightInitialization.Lecun),
        ("pytorch", WeightInitialization.PyTorch),
        ("zeros", WeightInitialization.Zeros),
    ];

    /// <summary>Scalings of numeric columns.</summary>
    public static readonly (string Name, NumericScaling Value)[] Scalings =
    [
        ("standardize", NumericScaling.Standardize),
        ("min_max", NumericScaling.MinMax),
        ("none", NumericScaling.None),
    ];

    /// <summary>The name of a value.</summary>
    public static string NameOf<T>(this (string Name, T Value)[] names, T value) =>
        names.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Name;
}
