namespace Trainer.Sweeps.Spaces;

/// <summary>
/// A key of the job file whose value is a list of searched length, as
/// <c>model.hidden: {layers: {int: [1, 3]}, width: {choice: [8, 16, 32, 64]}}</c>.
/// </summary>
/// <remarks>
/// It stands for the dimensions <c>PATH.layers</c> and <c>PATH.width.1</c>, <c>PATH.width.2</c>, ...; the width of a
/// layer is active only where there are that many layers. With one shared width it is <c>PATH.layers</c> and
/// <c>PATH.width</c>.
/// </remarks>
public sealed class ListDimension
{
    private ListDimension(string path, bool isShared, IReadOnlyList<Dimension> dimensions)
    {
        Path = path;
        IsShared = isShared;
        Dimensions = dimensions;
    }

    /// <summary>The key in the job file.</summary>
    public string Path { get; }

    /// <summary>Whether all elements are equal.</summary>
    public bool IsShared { get; }

    /// <summary>What a search space needs: the length, then the elements.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>The dimension of the list's length.</summary>
    public Dimension Length => Dimensions[0];

    /// <summary>A list of searched length.</summary>
    /// <param name="path">The key in the job file.</param>
    /// <param name="layers">Makes the dimension of the length (an <c>int</c> or <c>log_int</c>) from its path.</param>
    /// <param name="width">Makes the dimension of an element from its path.</param>
    /// <param name="isShared">One width for all layers, not one for each.</param>
    public static ListDimension Create(
        string path, Func<string, Dimension> layers, Func<string, Dimension> width, bool isShared = false)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(width);
        Dimension length = layers($"{path}.layers");
        if (length.Kind is not (DimensionKind.Int or DimensionKind.LogInt) || length.Low < 0 || length.High > 64)
        {
            throw new SearchSpaceException(
                $"'{length.Path}' must be an int or log_int range between 0 and 64 layers.");
        }

        var dimensions = new List<Dimension> { length };
        int widths = isShared ? 1 : (int)length.High;
        for (int layer = 1; layer <= widths; layer++)
        {
            Dimension element = width(isShared ? $"{path}.width" : $"{path}.width.{layer}");
            IEnumerable<double> lengths = Enumerable.Range(layer, (int)length.High - layer + 1).Select(n => (double)n);
            var isDeepEnough = new Condition(length.Path, [.. lengths.Where(length.Contains)]);
            dimensions.Add(length.Low >= layer ? element : element.Where(isDeepEnough));
        }

        return new ListDimension(path, isShared, dimensions);
    }
}
