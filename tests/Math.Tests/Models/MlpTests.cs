using Trainer.Backends;
using Trainer.Golden;
using Trainer.Kernels;
using Trainer.Losses;

using Xunit;

namespace Trainer.Models;

public sealed class MlpTests
{
    public static TheoryData<string> Cases => TorchFigures.CaseNames;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_FixtureCase_EqualsPyTorchTo1E5(string name)
    {
        TorchCase expected = TorchFigures.Case(name);
        Mlp network = Pass(expected);
        float[] gradient = new float[network.Layout.Length];

        for (int layer = 0; layer < expected.Layers; layer++)
        {
            network.WeightGradient(layer, 0, [new(0, expected.Rows, 0, false, 0)], [gradient]);
        }

        double[] mean = [.. network.Layout.ToRowMajor(gradient).Select(value => (double)value / expected.Rows)];
        double loss = network.Losses.ToArray().Average(value => (double)value);
        AssertClose.Equal(expected.Loss, loss, 1e-5);
        AssertClose.Equal([.. expected.Logits.SelectMany(row => row)], Logits(network, expected), 1e-5);
        AssertClose.Equal(expected.Gradient, mean, 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(200)]
    public void Pass_ThreeThreads_EqualsOneBitForBit(int rows)
    {
        MlpArchitecture architecture =
            new(40, [70, 5], Activation.Tanh, 3, OutputUnit.Softmax, LossFunction.CrossEntropy);
        Mlp serial = Pass(architecture, SerialTeam.Instance, rows);
        var team = new ThreadTeam(3);
        Mlp parallel = Pass(architecture, team, rows);

        AssertBits.Equal(serial.Logits[..(rows * 32)], parallel.Logits[..(rows * 32)]);
        AssertBits.Equal(serial.Losses, parallel.Losses);
        AssertBits.Equal(FirstGradient(serial), FirstGradient(parallel));
        Assert.True(team.Calls > 0);
    }

    [Fact]
    public void Begin_SmallerBlock_LeavesNoTraceOfTheLast()
    {
        MlpArchitecture architecture =
            new(40, [70, 5], Activation.Relu, 3, OutputUnit.Softmax, LossFunction.CrossEntropy);
        Mlp fresh = Pass(architecture, SerialTeam.Instance, 7, capacity: 20);
        Mlp used = Pass(architecture, SerialTeam.Instance, 20, capacity: 20);

        Run(used, 7);

        AssertBits.Equal(fresh.Losses, used.Losses);
        AssertBits.Equal(FirstGradient(fresh), FirstGradient(used));
    }

    [Fact]
    public void Begin_MoreThanCapacity_Throws()
    {
        var network = new Mlp(
            new(1, [], Activation.Relu, 1, OutputUnit.Linear, LossFunction.MeanSquaredError), SerialTeam.Instance, 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => network.Begin(4));
    }

    [Theory]
    [InlineData(OutputUnit.Sigmoid, 1, LossFunction.MeanSquaredError, "Loss 'MeanSquaredError' does not go with a")]
    [InlineData(OutputUnit.Softmax, 3, LossFunction.BinaryCrossEntropy, "Loss 'BinaryCrossEntropy' does not go with")]
    [InlineData(OutputUnit.Sigmoid, 2, LossFunction.BinaryCrossEntropy, "'outputs' is 2; a sigmoid output unit has")]
    public void Constructor_LossThatDoesNotFit_SaysWhichDoes(
        OutputUnit unit, int outputs, LossFunction loss, string message)
    {
        var architecture = new MlpArchitecture(2, [], Activation.Relu, outputs, unit, loss);

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new Mlp(architecture, SerialTeam.Instance, 1));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static Mlp Pass(TorchCase figures)
    {
        var network = new Mlp(figures.Architecture, SerialTeam.Instance, figures.Rows);
        float[] parameters = [.. figures.Parameters.Select(value => (float)value)];
        network.Layout.FromRowMajor(parameters).CopyTo(network.OwnWeights());
        network.Begin(figures.Rows);
        float[] inputs = [.. figures.Inputs.Select(value => (float)value)];
        float[] targets = [.. figures.Targets.Select(value => (float)value)];
        int width = Mlp.TargetWidth(figures.Architecture);
        for (int row = 0; row < figures.Rows; row++)
        {
            network.SetRow(row, inputs[(row * 3)..((row + 1) * 3)], targets[(row * width)..((row + 1) * width)]);
        }

        network.Forward();
        network.ComputeLoss();
        network.Backward();
        return network;
    }

    private static Mlp Pass(MlpArchitecture architecture, IComputeTeam team, int rows, int capacity = 200)
    {
        var network = new Mlp(architecture, team, capacity, serialWork: 1);
        var whole = new ParameterRange(0, network.Layout.Length);
        WeightInitializer.Fill(network.Layout, WeightInitialization.PyTorch, 1, whole, network.OwnWeights());
        Run(network, rows);
        return network;
    }

    private static void Run(Mlp network, int rows)
    {
        network.Begin(rows);
        var random = new SeededRandom(1, RandomStream.Generator);
        float[] features = new float[40];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = random.Uniform((ulong)row, (ulong)i) - 0.5f;
            }

            network.SetRow(row, features, [row % 3]);
        }

        network.Forward();
        network.ComputeLoss();
        network.Backward();
    }

    private static float[] FirstGradient(Mlp network)
    {
        float[] gradient = new float[network.Layout.Length];
        for (int panel = 0; panel < 3; panel++)
        {
            network.WeightGradient(0, panel, [new(0, network.Rows, 0, false, 0)], [gradient]);
        }

        return gradient;
    }

    private static double[] Logits(Mlp network, TorchCase figures)
    {
        int outputs = figures.Architecture.Outputs;
        double[] logits = new double[figures.Rows * outputs];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = network.Logits[Panels.Index(figures.Rows, i / outputs, i % outputs)];
        }

        return logits;
    }
}
