using System.Runtime.InteropServices;
using System.Security.Cryptography;

using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

using Xunit;

namespace Trainer.Training;

/// <summary>
/// Digests of whole trainings. CI runs these tests under four instruction sets: the constants are the proof that
/// trained weights do not depend on the vector width. A change of a constant is a change of the rule and needs a new
/// kernel id.
/// </summary>
public sealed class TrainingDigestTests
{
    [Fact]
    public void Training_ReluAdamSoftmax_KeepsItsDigest() => AssertDigest(
        "553f82101546127d7cd46da83a23f9240dc95e9b8de3c7785169e27c0c68b4eb",
        TestProblem.Network(37, [19, 5], Activation.Relu, OutputUnit.Softmax, 10),
        new AdamSettings(0.9, 0.999, 1e-8, 0.001));

    [Fact]
    public void Training_TanhMomentumRegression_KeepsItsDigest() => AssertDigest(
        "3fd025a425bb814c51b255c7e55edaee57a9d86a29a96114922fdaee117c9858",
        TestProblem.Network(13, [64, 33], Activation.Tanh, OutputUnit.Linear, 3),
        new SgdSettings(0.9, 0.0001));

    [Fact]
    public void Training_SigmoidBinary_KeepsItsDigest() => AssertDigest(
        "aea11129991cbd7635e42a7d98d1eaeaf5b8a078bb8d0514a0b22b456dcd4029",
        TestProblem.Network(20, [16], Activation.Sigmoid, OutputUnit.Sigmoid, 1),
        new SgdSettings(0, 0));

    [Theory]
    [InlineData(Activation.LeakyRelu, "f28c014ddba27ac6592da310288afd5f0d5046d3fca1d15f210c6f86e6cde443")]
    [InlineData(Activation.Elu, "756450029a49228c004ab04f8c7cf1889ef69f9a87c7cc57e698752df6a99c2c")]
    [InlineData(Activation.Selu, "31b12452a87957548e003cdb12877689f52f91d7b8799068dbd3f0df0ff26d69")]
    [InlineData(Activation.Gelu, "f73a013bf0e7f69b41184cc4d33f423419379e75ab042cbe5ab701a5a0e13386")]
    [InlineData(Activation.Silu, "6d734109fae89afcb110c879f968a92693b070f8608eda04e6a2a5ec31b708ec")]
    [InlineData(Activation.Softplus, "9777870b5cb7ae430c4e4c585e75b243619f9426e8bed87172de3264361dde9b")]
    public void Training_Activation_KeepsItsDigest(Activation activation, string expected) => AssertDigest(
        expected,
        TestProblem.Network(37, [19, 35], activation, OutputUnit.Softmax, 5),
        new AdamSettings(0.9, 0.999, 1e-8, 0));

    [Theory]
    [InlineData(Activation.Relu, "49aad869335bf88e43a4e81900f0132b6313412378a3915410b419c42f0d2237")]
    [InlineData(Activation.Gelu, "2b528d3ce85d7db47d7cdfb67427426154a8c90a05d081e827b187e4e8f7c612")]
    public void Training_Dropout_KeepsItsDigest(Activation activation, string expected) => AssertDigest(
        expected,
        TestProblem.Network(37, [19, 35], activation, OutputUnit.Softmax, 5),
        new AdamSettings(0.9, 0.999, 1e-8, 0),
        new TrainingObjective { Dropout = 0.3 });

    [Fact]
    public void Training_SmoothedWeightedClasses_KeepsItsDigest() => AssertDigest(
        "6513e35f42bedca887cc07431529f8b26d9b6235927a28ece9876760baf057cd",
        TestProblem.Network(37, [19], Activation.Relu, OutputUnit.Softmax, 5),
        new AdamSettings(0.9, 0.999, 1e-8, 0),
        new TrainingObjective { LabelSmoothing = 0.1, ClassWeights = [0.3f, 1f, 2.7f, 0f, 1.1f] });

    [Fact]
    public void Training_PositiveWeightBinary_KeepsItsDigest() => AssertDigest(
        "d2f208299d23b844f23b6f2085a944e2daf0f267a4f76bdbb8b483ebe6c4914d",
        TestProblem.Network(20, [16], Activation.Tanh, OutputUnit.Sigmoid, 1),
        new SgdSettings(0.9, 0),
        new TrainingObjective { PositiveWeight = 2.5f, ClassWeights = [0.7f, 1.4f] });

    [Fact]
    public void Training_Perceptron_KeepsItsDigest() => AssertDigest(
        "99c885aa9eb1b012f389820b15872e589d213a697be6c39f87cf40ea78652420",
        TestProblem.Network(20, [], Activation.Relu, OutputUnit.Sigmoid, 1, perceptron: true),
        new SgdSettings(0, 0));

    private static void AssertDigest(
        string expected, MlpArchitecture network, OptimizerSettings optimizer, TrainingObjective? objective = null)
    {
        // 215 rows in batches of 53: a short last batch with empty shards.
        TrainingLoop loop = TestProblem.Create(
            network, optimizer, rows: 215, batch: 53, shards: 8, seed: 7, objective: objective).Loop();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        for (int epoch = 0; epoch < 20; epoch++)
        {
            double loss = loop.RunEpoch(epoch, 0.01f);
            hash.AppendData(BitConverter.GetBytes(loss));
        }

        hash.AppendData(MemoryMarshal.AsBytes(loop.Weights));
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
