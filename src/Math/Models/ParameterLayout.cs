using System.Collections.Immutable;

namespace Trainer.Models;

/// <summary>Where each layer's weights and biases lie in the one flat vector of parameters, in panel order.</summary>
/// <remarks>Order: weights of layer 0, biases of layer 0, weights of layer 1, ... Padding lanes are part of the vector and hold +0.</remarks>
public sealed class ParameterLayout
{
    /// <summary>Elements of a block: the unit of partitions and of the gradient norm. The last block of a tensor may be short.</summary>
    public const int BlockLength = 1024;

    /// <summary>The layout of a network's parameters.</summary>
    public ParameterLayout(MlpArchitecture architecture) => throw new NotImplementedException();

    /// <summary>The layers from the input side.</summary>
    public ImmutableArray<LayerLayout> Layers => throw new NotImplementedException();

    /// <summary>Floats of the flat vector, padding included.</summary>
    public int Length => throw new NotImplementedException();

    /// <summary>Parameters of the network, padding not counted.</summary>
    public long ParameterCount => throw new NotImplementedException();

    /// <summary>Blocks, counted through the tensors; a block never spans two tensors.</summary>
    public int BlockCount => throw new NotImplementedException();

    /// <summary>The range of the flat vector that partition <paramref name="index"/> of <paramref name="count"/> holds: whole blocks, possibly none.</summary>
    public ParameterRange Partition(int index, int count) => throw new NotImplementedException();

    /// <summary>Copies the flat panel vector to PyTorch's order: layers.0.weight [out, in] row-major, layers.0.bias [out], ...</summary>
    public float[] ToRowMajor(ReadOnlySpan<float> panels) => throw new NotImplementedException();

    /// <summary>The inverse of <see cref="ToRowMajor"/>; padding becomes +0.</summary>
    public float[] FromRowMajor(ReadOnlySpan<float> rowMajor) => throw new NotImplementedException();

    /// <summary>The name of the tensor that holds element <paramref name="offset"/> of the flat vector, e.g. <c>layers.1.weight</c>.</summary>
    public string TensorName(int offset) => throw new NotImplementedException();
}

/// <summary>One layer in the flat vector.</summary>
/// <param name="Inputs">I.</param>
/// <param name="Outputs">O.</param>
/// <param name="WeightOffset">First element of the weights, [O/32][I][32].</param>
/// <param name="WeightLength">Floats of the weights, padding included.</param>
/// <param name="BiasOffset">First element of the biases, [O/32][32].</param>
/// <param name="BiasLength">Floats of the biases, padding included.</param>
public sealed record LayerLayout(int Inputs, int Outputs, int WeightOffset, int WeightLength, int BiasOffset, int BiasLength);

/// <summary>A contiguous range of the flat vector.</summary>
/// <param name="Offset">First element.</param>
/// <param name="Length">Elements; 0 for an empty partition.</param>
public readonly record struct ParameterRange(int Offset, int Length);
