namespace Trainer.Kernels;

/// <summary>
/// The memory layout of the whole core: matrices in panels of 32 columns. Activations, logits and deltas are
/// <c>[features/32][rows][32]</c>, weights <c>[out/32][in][32]</c>, biases <c>[out/32][32]</c>. Lanes past the last
/// feature or output are padding and hold +0 in weights, biases, deltas and gradients.
/// </summary>
public static class Panels
{
    /// <summary>Columns of a panel.</summary>
    public const int Width = 32;

    /// <summary>Panels that hold <paramref name="columns"/> columns.</summary>
    /// <param name="columns">Columns, at least 0.</param>
    /// <returns><c>ceil(columns / 32)</c>.</returns>
    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>Floats of a matrix in panels.</summary>
    /// <param name="rows">Rows, at least 0.</param>
    /// <param name="columns">Columns, at least 0.</param>
    /// <returns><c>ceil(columns / 32) * rows * 32</c>.</returns>
    public static int Length(int rows, int columns) => checked(Count(columns) * rows * Width);

    /// <summary>Where element (row, column) of a matrix of <paramref name="rows"/> rows lies.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="row">Row of the element.</param>
    /// <param name="column">Column of the element.</param>
    /// <returns>The index into the flat panel memory.</returns>
    public static int Index(int rows, int row, int column) =>
        (((column / Width) * rows) + row) * Width + (column % Width);
}
