using Xunit;

namespace Trainer.Golden;

public sealed class TorchFiguresTests
{
    [Fact]
    public void Instance_File_HasAllFigures()
    {
        TorchFigures figures = TorchFigures.Instance;

        Assert.Equal(51, figures.Cases.Length);
        Assert.Equal(12, figures.Optimizers.Steps.Count);
        Assert.All(figures.Optimizers.Steps.Values, steps => Assert.Equal(5, steps.Length));
        Assert.All(figures.Cases, figure => Assert.Equal(figure.Parameters.Length, figure.Gradient.Length));
    }

    [Fact]
    public void Inputs_Formula_IsThatOfTheReadme()
    {
        double[][] inputs = TorchFigures.Instance.Inputs;

        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                Assert.Equal(((((3 * row) + (5 * column)) % 13) - 6) / 4.0, inputs[row][column]);
            }
        }
    }
}
