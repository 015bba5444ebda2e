using Trainer.Golden;
using Trainer.Losses;

using Xunit;

namespace Trainer.Models;

public sealed class ReferenceMlpTests
{
    private const int Rows = 7;

    public static TheoryData<string> Cases => TorchFigures.CaseNames;

    public static MatrixTheoryData<Activation, OutputUnit, int[]> Networks =>
        new(Enum.GetValues<Activation>(), Enum.GetValues<OutputUnit>(), [[], [5], [6, 4], [3, 5, 4]]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_FixtureCase_EqualsPyTorchTo12Digits(string name)
    {
        TorchCase expected = TorchFigures.Case(name);
        var network = new ReferenceMlp(expected.Architecture);

        ReferencePass pass = network.Backward(expected.Parameters, expected.Inputs, expected.Targets, expected.Rows);

        AssertClose.Equal(expected.Loss, pass.Loss, 1e-12);
        AssertClose.Equal([.. expected.Logits.SelectMany(row => row)], pass.Logits, 1e-12);
        AssertClose.Equal(expected.Gradient, pass.Gradient, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Backward_RandomNetwork_EqualsCentralDifferences(Activation activation, OutputUnit unit, int[] hidden)
    {
        const double step = 1e-5;
        var network = new ReferenceMlp(Architecture(activation, unit, hidden));
        var random = new Random(hidden.Length);
        double[] parameters = Values(random, network.ParameterCount);
        double[] inputs = Values(random, Rows * 4);
        double[] targets = unit == OutputUnit.Linear
            ? Values(random, Rows * 3)
            : [.. Enumerable.Range(0, Rows).Select(row => (double)(row % (unit == OutputUnit.Sigmoid ? 2 : 3)))];
        double[] differences = new double[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            double kept = parameters[i];
            parameters[i] = kept + step;
            double above = network.Loss(parameters, inputs, targets, Rows);
            parameters[i] = kept - step;
            double below = network.Loss(parameters, inputs, targets, Rows);
            parameters[i] = kept;
            differences[i] = (above - below) / (2 * step);
        }

        double[] gradient = network.Backward(parameters, inputs, targets, Rows).Gradient;

        AssertClose.Equal(differences, gradient, 1e-8);
    }

    [Theory]
    [InlineData(OutputUnit.Sigmoid, 1000)]
    [InlineData(OutputUnit.Sigmoid, -1000)]
    [InlineData(OutputUnit.Softmax, 1000)]
    [InlineData(OutputUnit.Softmax, -1000)]
    public void Backward_LogitsOf1000_AreFinite(OutputUnit unit, double weight)
    {
        MlpArchitecture architecture = Architecture(Activation.Identity, unit, []);
        var network = new ReferenceMlp(architecture);
        double[] parameters = new double[network.ParameterCount];
        parameters[0] = weight;

        ReferencePass pass = network.Backward(parameters, [1, 0, 0, 0], [1], 1);

        Assert.Equal(weight, pass.Logits[0]);
        Assert.True(double.IsFinite(pass.Loss), $"Loss {pass.Loss}.");
        Assert.All(pass.Gradient, value => Assert.True(double.IsFinite(value), $"Gradient {value}."));
    }

    [Fact]
    public void Forward_WrongParameterCount_NamesBothLengths()
    {
        var network = new ReferenceMlp(Architecture(Activation.Tanh, OutputUnit.Linear, []));

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => network.Forward(new double[3], new double[4], 1));

        Assert.StartsWith("'parameters' has length 3; the network and the batch need 15.", error.Message);
    }

    private static MlpArchitecture Architecture(Activation activation, OutputUnit unit, int[] hidden) => unit switch
    {
        OutputUnit.Linear => new(4, [.. hidden], activation, 3, unit, LossFunction.MeanSquaredError),
        OutputUnit.Sigmoid => new(4, [.. hidden], activation, 1, unit, LossFunction.BinaryCrossEntropy),
        _ => new(4, [.. hidden], activation, 3, unit, LossFunction.CrossEntropy),
    };

    private static double[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
}
