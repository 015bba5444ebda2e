namespace Trainer.Kernels;

/// <summary>The sizes of one dense layer's product.</summary>
/// <param name="Rows">R, rows of the activation buffers.</param>
/// <param name="Inputs">I, features that come in.</param>
/// <param name="Outputs">O, units of the layer.</param>
public readonly record struct DenseShape(int Rows, int Inputs, int Outputs);
