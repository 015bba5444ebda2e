using Trainer.Data;
using Trainer.Errors;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Training;
using Trainer.Wire;

using Xunit;

namespace Trainer.Grains;

public sealed class NormExchangeTests
{
    private const int Incarnation = 3;

    private static readonly MlpArchitecture Line =
        new(2, [], Activation.Identity, 1, OutputUnit.Linear, LossFunction.MeanSquaredError);

    private static readonly ParameterLayout Layout = new(Line);

    private readonly LogicalShards _shards = new(2, 2, 1, 1, shuffle: false);

    [Fact]
    public async Task Push_OtherNormMissing_WaitsForIt()
    {
        StepAggregator[] steps = [Partition(0), Partition(1)];

        Task<StepReply> first = steps[0].PushAsync(Push(6f));
        Task<StepReply> second = steps[1].PushAsync(Push(8f));
        bool waited = !first.IsCompleted && !second.IsCompleted;
        string reason = steps[0].WaitsFor(0);
        Exchange(steps);

        // Means 3 and 4: the norm is 5, clipped to 1.
        Assert.True(waited);
        Assert.StartsWith("the gradient norms of partitions 1; their silo", reason, StringComparison.Ordinal);
        Assert.Equal(-0.6f, (await first).Weights.Values.Span[0], 1e-6f);
        Assert.Equal(-0.8f, (await second).Weights.Values.Span[0], 1e-6f);
    }

    [Fact]
    public async Task AcceptNorm_BeforeTheGradient_IsKeptAndOwnIsStillHandedOut()
    {
        StepAggregator[] steps = [Partition(0), Partition(1)];
        Task<StepReply> second = steps[1].PushAsync(Push(8f));
        steps[0].AcceptNorm(steps[1].TakeNorm()!);

        StepReply first = await steps[0].PushAsync(Push(6f));
        NormShare own = steps[0].TakeNorm()!;
        steps[1].AcceptNorm(own);
        steps[1].AcceptNorm(own);

        Assert.Equal((1, 1), (first.Version, (await second).Version));
        Assert.Null(steps[0].TakeNorm());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task Push_NonFiniteGradientOfOnePartition_EndsTheStepOfAll(float value)
    {
        StepAggregator[] steps = [Partition(0), Partition(1)];
        Task<StepReply> first = steps[0].PushAsync(Push(6f));
        Task<StepReply> second = steps[1].PushAsync(Push(value));

        Exchange(steps);

        Assert.Equal((StepOutcome.Gradient, 0), ((await first).NonFinite, (await first).Version));
        Assert.Equal(("layers.0.bias", 0), ((await second).NonFinite, (await second).Version));
    }

    [Fact]
    public void AcceptNorm_OtherIncarnationOrStepToCome_IsRefused()
    {
        StepAggregator steps = Partition(0);

        Assert.Throws<StaleIncarnationException>(() => steps.AcceptNorm(new NormShare(2, 0, 1, [])));
        Assert.Throws<TrainerException>(() => steps.AcceptNorm(new NormShare(Incarnation, 1, 1, [])));
    }

    [Fact]
    public async Task AcceptNorm_StepAlreadyApplied_IsIgnored()
    {
        StepAggregator[] steps = [Partition(0), Partition(1)];
        _ = steps[0].PushAsync(Push(6f));
        _ = steps[1].PushAsync(Push(8f));
        NormShare stale = steps[1].TakeNorm()!;
        steps[0].AcceptNorm(stale);
        steps[1].AcceptNorm(steps[0].TakeNorm()!);

        steps[0].AcceptNorm(stale);
        Task<StepReply> next = steps[0].PushAsync(Push(6f) with { Version = 1 });

        Assert.False(next.IsCompleted);
        steps[0].Abandon("done");
        await Assert.ThrowsAsync<GrainLostException>(() => next);
    }

    [Fact]
    public async Task Restore_NormsMissing_ForgetsTheStep()
    {
        StepAggregator[] steps = [Partition(0), Partition(1)];
        _ = steps[0].PushAsync(Push(6f));
        steps[0].Restore(new float[Layout.Partition(0, 2).Length]);

        _ = steps[1].PushAsync(Push(8f));
        steps[0].AcceptNorm(steps[1].TakeNorm()!);
        StepReply reply = await steps[0].PushAsync(Push(6f));

        Assert.Equal(-0.6f, reply.Weights.Values.Span[0], 1e-6f);
    }

    private static void Exchange(StepAggregator[] steps)
    {
        NormShare[] shares = [.. steps.Select(each => each.TakeNorm()!)];
        steps[0].AcceptNorm(shares[1]);
        steps[1].AcceptNorm(shares[0]);
    }

    private StepAggregator Partition(int partition)
    {
        ParameterRange range = Layout.Partition(partition, 2);
        var settings = new SgdSettings(0, 0) { ClipNorm = 1 };
        var server = new PartitionServer(Line, range, WeightInitialization.Zeros, 1, settings, _shards);
        var norms = new NormExchange(partition, [0, 1]);
        return new StepAggregator(server, _shards, Incarnation, $"job/{partition}", norms);
    }

    // The sum of two rows: one value in the first element of the partition.
    private static GradientPush Push(float value)
    {
        float[] gradient = new float[value == 6f ? Layout.Partition(0, 2).Length : Layout.Partition(1, 2).Length];
        gradient[0] = value;
        return new GradientPush(Incarnation, 0, 0, 1f, [new GradientSum(0, 0, new Tensor(gradient), 0.5, 2, 2)]);
    }
}
