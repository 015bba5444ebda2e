using Trainer.Sweeps.Spaces;

namespace Trainer.Sweeps.Samplers;

/// <summary>
/// Distances of two points dimension by dimension: the difference of encoded numbers; 0 or 1 for equal or different
/// choices.
/// </summary>
/// <remarks>
/// Discrete numbers stand in the middle of their cells, so that the kernel sees what the objective sees, as in
/// Garrido-Merchan and Hernandez-Lobato, "Dealing with categorical and integer-valued variables in Bayesian
/// optimization with Gaussian processes", 2020. An inactive number stands in the middle, an inactive choice is a
/// choice of its own.
/// </remarks>
internal sealed class Metric(SearchSpace space)
{
    private readonly bool[] _isChoice =
        [.. space.Dimensions.Select(dimension => dimension.Kind == DimensionKind.Choice)];

    /// <summary>Dimensions of the space.</summary>
    public int Dimensions => _isChoice.Length;

    /// <summary>A point as the distances take it.</summary>
    public double[] Encode(ParameterSet parameters)
    {
        double[] point = new double[Dimensions];
        space.Encode(parameters, point);
        for (int d = 0; d < point.Length; d++)
        {
            if (_isChoice[d])
            {
                point[d] = parameters.IsActive(d) ? parameters[d] : -1;
            }
        }

        return point;
    }

    /// <summary><c>sum_d distance_d^2 / length_d^2</c></summary>
    public double Square(double[] a, double[] b, double[] inverseSquares)
    {
        double sum = 0;
        for (int d = 0; d < _isChoice.Length; d++)
        {
            sum += Distance(a, b, d) * inverseSquares[d];
        }

        return sum;
    }

    /// <summary><c>sums[d] += factor distance_d^2 / length_d^2</c></summary>
    public void AddSquares(double factor, double[] a, double[] b, double[] inverseSquares, double[] sums)
    {
        for (int d = 0; d < _isChoice.Length; d++)
        {
            sums[d] += factor * Distance(a, b, d) * inverseSquares[d];
        }
    }

    private double Distance(double[] a, double[] b, int d)
    {
        double difference = a[d] - b[d];
        return _isChoice[d] ? (difference == 0 ? 0 : 1) : difference * difference;
    }
}
