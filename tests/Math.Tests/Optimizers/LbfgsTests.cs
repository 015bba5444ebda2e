using Xunit;

namespace Trainer.Optimizers;

public sealed class LbfgsTests
{
    [Fact]
    public void Minimize_IllConditionedQuadratic_FindsTheMinimum()
    {
        double[] minimum = Lbfgs.Minimize(Quadratic, new double[20], 1000, 1e-8);

        Assert.All(minimum.Index(), element => Assert.Equal(element.Index + 1, element.Item, 1e-6));
    }

    [Fact]
    public void Minimize_Budget_IsKept()
    {
        int evaluations = 0;

        _ = Lbfgs.Minimize(
            (point, gradient) =>
            {
                evaluations++;
                return Quadratic(point, gradient);
            },
            new double[20],
            7,
            1e-10);

        Assert.Equal(7, evaluations);
    }

    [Fact]
    public void Minimize_OneEvaluation_ReturnsTheStart()
    {
        double[] start = [1, 2, 3];

        Assert.Equal(start, Lbfgs.Minimize(Quadratic, start, 1, 1e-10));
    }

    [Fact]
    public void Minimize_NaNAwayFromTheStart_ReturnsTheStart()
    {
        double[] start = [1];

        double[] minimum = Lbfgs.Minimize(
            (point, gradient) =>
            {
                gradient[0] = 1;
                return point[0] == 1 ? 5 : double.NaN;
            },
            start,
            100,
            1e-10);

        Assert.Equal(start, minimum);
    }

    // sum_i 10^(i/4) (x_i - (i + 1))^2 / 2, condition number 56,000
    private static double Quadratic(double[] point, double[] gradient)
    {
        double sum = 0;
        for (int i = 0; i < point.Length; i++)
        {
            double curvature = Math.Pow(10, i / 4.0);
            double distance = point[i] - (i + 1);
            sum += curvature * distance * distance / 2;
            gradient[i] = curvature * distance;
        }

        return sum;
    }
}
