using System.Buffers.Binary;

using CsCheck;

using Trainer.Backends;
using Trainer.Kernels;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Preprocessing;
using Trainer.Training;

using Xunit;

namespace Trainer.Data;

/// <summary>Images are kept as bytes; nothing but the memory that they take may tell.</summary>
public sealed class ByteRowsTests : IDisposable
{
    private const int Classes = 3;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_AnyBytes_TrainsToTheBitsOfFloats() =>
        (from rows in Gen.Int[12, 60]
         from width in Gen.Int[1, 70]
         from seed in Gen.ULong
         from numeric in Gen.Enum<NumericScaling>()
         from dropout in Gen.OneOf(Gen.Const(0.0), Gen.Const(0.3))
         from smallest in Gen.Int[0, 255]
         select (rows, width, seed, numeric, dropout, smallest)).Sample(
            (rows, width, seed, numeric, dropout, smallest) =>
            {
                byte[] pixels = Pixels(rows, width, seed, smallest);
                (DataPlan bytes, DataPlan floats) = Plans(pixels, rows, width, numeric);
                IReadOnlyDictionary<DataPart, RowSet> kept = LoadAll(bytes);
                IReadOnlyDictionary<DataPart, RowSet> plain = LoadAll(floats);
                Assert.Equal(kept[DataPart.Train].Count * width, kept[DataPart.Train].FeatureBytes);
                Assert.Equal(plain[DataPart.Train].Count * width * sizeof(float), plain[DataPart.Train].FeatureBytes);

                TrainingLoop actual = Train(kept[DataPart.Train], seed, dropout);
                TrainingLoop expected = Train(plain[DataPart.Train], seed, dropout);

                AssertBits.Equal(expected.Weights, actual.Weights);
                Assert.Equal(
                    Loss(plain[DataPart.Test], expected.Weights), Loss(kept[DataPart.Test], actual.Weights));
                AssertBits.Equal(plain[DataPart.Test].Features, kept[DataPart.Test].Features);
                Assert.Equal(Judge(plain), Judge(kept));
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Load_ChosenPixels_AreThose()
    {
        DataSource source = Images([1, 2, 3, 4, 5, 6], 2, 3, [0, 1]);
        DataRequest request = TempFolder.Request(source, []) with { Exclude = ["pixel_0_1"] };

        RowSet rows = TempFolder.Load(TempFolder.Plan(request));

        Assert.Equal([1f, 3, 4, 6], rows.Features);
        Assert.Equal(4, rows.FeatureBytes);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Load_PowersOfPixels_AreKeptAsFloats(int degree, bool interactions)
    {
        DataSource source = Images([1, 2, 3, 4], 2, 2, [0, 1]);
        DataRequest request = TempFolder.Request(source, []) with { Degree = degree, Interactions = interactions };

        RowSet rows = TempFolder.Load(TempFolder.Plan(request));

        Assert.Equal(rows.Count * rows.FeatureCount * sizeof(float), rows.FeatureBytes);
        Assert.Equal(degree == 2 ? [1, 2, 1, 4, 3, 4, 9, 16] : [1, 2, 2, 3, 4, 12], rows.Features);
    }

    [Fact]
    public void Load_TestImagesOfTheirOwn_AreBytesToo()
    {
        DataSource train = Images([0, 10, 20, 30], 2, 2, [0, 1]);
        DataSource test = Images([5, 15], 1, 2, [1], "test");
        DataRequest request = TempFolder.Request(train, [], NumericScaling.MinMax) with { TestSource = test };

        RowSet rows = TempFolder.Load(TempFolder.Plan(request), DataPart.Test);

        Assert.Equal([0.25f, 0.25f], rows.Features);
        Assert.Equal(2, rows.FeatureBytes);
    }

    private static IReadOnlyDictionary<DataPart, RowSet> LoadAll(DataPlan plan) => plan.Load(
        new Dictionary<DataPart, int[]?> { [DataPart.Train] = null, [DataPart.Test] = null }, CancellationToken.None);

    private static MlpArchitecture Network(int inputs) =>
        new(inputs, [5], Activation.Tanh, Classes, OutputUnit.Softmax, LossFunction.CrossEntropy);

    private static TrainingLoop Train(RowSet rows, ulong seed, double dropout)
    {
        var shards = new LogicalShards(rows.Count, 4, 2, seed, shuffle: true);
        var objective = new TrainingObjective { Dropout = dropout, ClassWeights = [1f, 2f, 0.5f] };
        var loop = new TrainingLoop(
            Network(rows.FeatureCount),
            WeightInitialization.PyTorch,
            new AdamSettings(0.9, 0.999, 1e-8, 0),
            shards,
            rows,
            seed,
            objective);
        loop.RunEpoch(0, 0.01f);
        loop.RunEpoch(1, 0.01f);
        return loop;
    }

    private static double Loss(RowSet rows, ReadOnlySpan<float> weights) =>
        Evaluator.Evaluate(Network(rows.FeatureCount), weights, rows, SerialTeam.Instance).LossSum;

    private static string Judge(IReadOnlyDictionary<DataPart, RowSet> rows) => string.Join(
        ' ',
        Baselines.Compute(
                rows[DataPart.Train], rows[DataPart.Test], OutputUnit.Softmax, Classes, CancellationToken.None)
            .SelectMany(baseline => baseline.Value)
            .Select(metric => $"{metric.Key} {metric.Value:R}"));

    private static byte[] Pixels(int rows, int width, ulong seed, int smallest)
    {
        var random = new SeededRandom(seed, RandomStream.Generator);
        return
        [
            // The last column is constant.
            .. Enumerable.Range(0, rows * width).Select(i => i % width == width - 1
                ? (byte)smallest
                : (byte)(smallest + (random.Uniform(0, (ulong)i) * (256 - smallest)))),
        ];
    }

    private (DataPlan Bytes, DataPlan Floats) Plans(byte[] pixels, int rows, int width, NumericScaling numeric)
    {
        byte[] labels = [.. Enumerable.Range(0, rows).Select(row => (byte)(row % Classes))];
        DataRequest request = TempFolder.Request(Images(pixels, rows, width, labels), [], numeric) with
        {
            Train = 0.7,
            Test = 0.3,
        };

        // The same numbers in a file of two bytes each, big end first.
        byte[] wide = [.. pixels.SelectMany(pixel => new byte[] { 0, pixel })];
        DataSource floats = _folder.Bytes([.. Header(0x0B, [rows, 1, width]), .. wide], "wide.idx");
        return (
            TempFolder.Plan(request),
            TempFolder.Plan(request with { Source = floats with { Labels = request.Source.Labels } }));
    }

    private DataSource Images(byte[] pixels, int rows, int width, byte[] labels, string name = "train") =>
        _folder.Bytes([.. Header(0x08, [rows, 1, width]), .. pixels], $"{name}.idx") with
        {
            Labels = _folder.Bytes([.. Header(0x08, [rows]), .. labels], $"{name}-labels.idx"),
        };

    private static byte[] Header(byte type, int[] shape)
    {
        byte[] header = new byte[4 + (shape.Length * sizeof(int))];
        (header[2], header[3]) = (type, (byte)shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (i * sizeof(int))), shape[i]);
        }

        return header;
    }
}
