using Trainer.Backends;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;
using Trainer.Training;
using Trainer.Wire;

using Xunit;

namespace Trainer.Grains;

public sealed class StepAggregatorTests
{
    private const int Incarnation = 3;

    private static readonly MlpArchitecture Line =
        new(2, [], Activation.Identity, 1, OutputUnit.Linear, LossFunction.MeanSquaredError);

    private static readonly ParameterLayout Layout = new(Line);

    // 10 rows, batches of 8 over 4 shards: two rows each; the last step has 2 rows, both in shard 0.
    private readonly LogicalShards _shards = new(10, 8, 4, 1, shuffle: false);
    private readonly StepAggregator _steps;

    public StepAggregatorTests()
    {
        var server = new PartitionServer(
            Line,
            new ParameterRange(0, Layout.Length),
            WeightInitialization.Zeros,
            1,
            new SgdSettings(0, 0),
            _shards);
        _steps = new StepAggregator(server, _shards, Incarnation, "job/0", new NormExchange(0, [0]));
    }

    [Fact]
    public async Task Push_LastOfAllShards_UpdatesOnceAndAnswersAll()
    {
        Task<StepReply> first = _steps.PushAsync(Push(0, Sum(0, 0, 1f), Sum(0, 1, 2f)));
        bool waited = !first.IsCompleted;

        StepReply second = await _steps.PushAsync(Push(0, Sum(1, 1, 4f, rows: 4)));

        Assert.True(waited);
        Assert.Same(second, await first);
        Assert.Equal((1, 8), (second.Version, second.RowCount));

        // Sgd at rate 1: w = 0 - (1 + 2 + 4) / 8.
        Assert.Equal(-0.875f, second.Weights.Values.Span[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Push_WantsSquares_ThoseOfTheMeanGradientOnlyIfWanted(bool wanted)
    {
        StepReply reply = await _steps.PushAsync(Push(0, Sum(2, 0, 4f, rows: 8)) with { WantsSquares = wanted });

        // One weight's gradient is 4 / 8; the second block is the biases.
        double[] expected = wanted ? [0.25, 0] : [];
        Assert.Equal(expected, reply.Squares);
    }

    [Fact]
    public void Restore_MiddleOfAStep_ForgetsWhatArrived()
    {
        _ = _steps.PushAsync(Push(0, Sum(0, 0, 1f)));

        _steps.Restore(new float[Layout.Length]);

        Assert.Equal([0, 1, 2, 3], _steps.Missing(0));
    }

    [Fact]
    public async Task Push_SameNodeTwice_IsCountedOnce()
    {
        _ = _steps.PushAsync(Push(0, Sum(0, 0, 1f)));
        _ = _steps.PushAsync(Push(0, Sum(0, 0, 1f)));

        StepReply reply = await _steps.PushAsync(Push(0, Sum(0, 1, 2f), Sum(1, 1, 4f, rows: 4)));

        Assert.Equal((8, -0.875f), (reply.RowCount, reply.Weights.Values.Span[0]));
    }

    [Fact]
    public async Task Push_StepAlreadyApplied_IsAnsweredNotApplied()
    {
        StepReply applied = await _steps.PushAsync(Push(0, Sum(2, 0, 7f, rows: 8)));

        StepReply repeated = await _steps.PushAsync(Push(0, Sum(2, 0, 100f, rows: 8)));

        Assert.Equal((applied.Version, applied.LossSum), (repeated.Version, repeated.LossSum));
        Assert.Equal(applied.Weights.Values.ToArray(), repeated.Weights.Values.ToArray());
        Assert.Equal(1, _steps.Server.Version);
    }

    [Fact]
    public async Task Push_StepAlreadyApplied_AnswersWeightsThatLaterStepsLeaveAlone()
    {
        await _steps.PushAsync(Push(0, Sum(2, 0, 8f, rows: 8)));
        StepReply late = await _steps.PushAsync(new GradientPush(Incarnation, 0, 0, 1f, []));

        await _steps.PushAsync(Push(1, Sum(2, 0, 8f, rows: 8)));
        StepReply third = await _steps.PushAsync(Push(2, Sum(2, 0, 8f, rows: 8)));

        Assert.Equal((-1f, -3f), (late.Weights.Values.Span[0], third.Weights.Values.Span[0]));
    }

    [Fact]
    public async Task Push_EmptyShardsOfTheLastStep_AreNotWaitedFor()
    {
        await _steps.PushAsync(Push(0, Sum(2, 0, 7f, rows: 8)));

        Task<StepReply> empty = _steps.PushAsync(new GradientPush(Incarnation, 1, 1, 1f, []));
        StepReply reply = await _steps.PushAsync(new GradientPush(Incarnation, 1, 1, 1f, [Sum(0, 0, 2f)]));

        Assert.Equal((2, 2), (reply.Version, reply.RowCount));
        Assert.Same(reply, await empty);
    }

    [Fact]
    public void Push_OtherIncarnation_IsRefused()
    {
        StaleIncarnationException error = Assert.Throws<StaleIncarnationException>(
            () => { _ = _steps.PushAsync(new GradientPush(2, 0, 0, 1f, [Sum(2, 0, 1f, rows: 8)])); });

        Assert.Equal(
            "Partition 'job/0' belongs to incarnation 3 of its job; a push of incarnation 2 came.", error.Message);
        Assert.Equal(0, _steps.Server.Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Push_VersionTooNewOrTooOld_IsRefused(long version) =>
        Assert.Throws<TrainerException>(() => { _ = _steps.PushAsync(Push(version, Sum(2, 0, 1f, rows: 8))); });

    [Fact]
    public void Missing_SomeShardsCame_NamesTheOthers()
    {
        _ = _steps.PushAsync(Push(0, Sum(0, 1, 2f)));

        Assert.Equal([0, 2, 3], _steps.Missing(0));
    }

    [Fact]
    public async Task Run_StepsWithoutAnExchange_UpdateAndFenceLikePushes()
    {
        StepTotals totals = Run(version: 0, count: 2);

        Assert.Equal((2, 10L, 2L), (totals.Completed, totals.RowCount, _steps.Server.Version));
        Assert.Throws<TrainerException>(() => Run(version: 0, count: 1));
        Assert.Throws<StaleIncarnationException>(() => Run(version: 2, count: 1, incarnation: 2));

        // No push led to version 2.
        Assert.Throws<TrainerException>(() => { _ = _steps.PushAsync(Push(1, Sum(2, 0, 1f, rows: 8))); });
        StepReply pushed = await _steps.PushAsync(Push(2, Sum(2, 0, 1f, rows: 8)));
        Assert.Equal(3, pushed.Version);
    }

    [Fact]
    public void Run_Abandoned_IsRefused()
    {
        _steps.Abandon("gone");

        Assert.Equal("gone", Assert.Throws<GrainLostException>(() => Run(version: 0, count: 1)).Message);
    }

    [Fact]
    public async Task Dispose_PushWaits_IsToldSo()
    {
        Task<StepReply> waiting = _steps.PushAsync(Push(0, Sum(0, 0, 1f)));

        _steps.Dispose();

        GrainLostException error = await Assert.ThrowsAsync<GrainLostException>(() => waiting);
        Assert.Equal("Partition 'job/0' was released.", error.Message);
    }

    [Fact]
    public async Task Abandon_PushWaits_EndsItAndAllLaterOnes()
    {
        Task<StepReply> waiting = _steps.PushAsync(Push(0, Sum(0, 0, 1f)));

        _steps.Abandon("the job failed");

        Assert.Equal("the job failed", (await Assert.ThrowsAsync<GrainLostException>(() => waiting)).Message);
        Assert.Throws<GrainLostException>(() => { _ = _steps.PushAsync(Push(0, Sum(0, 1, 2f))); });
    }

    [Fact]
    public async Task Push_NonFiniteGradient_KeepsWeightsAndNamesTheTensor()
    {
        StepReply reply = await _steps.PushAsync(Push(0, Sum(2, 0, float.NaN, rows: 8)));

        Assert.Equal(("layers.0.weight", 0f), (reply.NonFinite, reply.Weights.Values.Span[0]));
    }

    [Fact]
    public async Task Push_AfterANonFiniteStep_IsAnsweredWithItsEnd()
    {
        await _steps.PushAsync(Push(0, Sum(2, 0, 7f, rows: 8)));
        StepReply ended = await _steps.PushAsync(new GradientPush(Incarnation, 1, 1, 1f, [Sum(0, 0, float.NaN)]));

        // A worker without rows in the last step is waited for by nobody, so it may come late.
        Task<StepReply> late = _steps.PushAsync(new GradientPush(Incarnation, 1, 1, 1f, []));

        Assert.True(late.IsCompletedSuccessfully);
        Assert.Same(ended, await late);
    }

    // Rows of zeros, at rate 0.
    private StepTotals Run(long version, int count, int incarnation = Incarnation)
    {
        var setup = new TrainingSetup(
            Line, TrainingObjective.Plain, WeightInitialization.Zeros, new SgdSettings(0, 0), _shards, 1);
        Dictionary<int, RowSet> rows = Enumerable.Range(0, _shards.Count).ToDictionary(
            shard => shard,
            shard => new RowSet(10, 2, 1, new float[20], new float[10]).Select(_shards.RowsOf(shard)));
        using IShardSession worker = CpuBackend.OneThread.OpenShards(setup, rows);
        ILocalSession local = CpuBackend.OneThread.OpenLocal(worker, _steps.Server);
        var steps = new LocalSteps(0, (int)(version % 2), new float[count], WantsNorms: false);
        return _steps.Run(local, incarnation, version, steps, default, () => true);
    }

    private static GradientPush Push(long version, params GradientSum[] nodes) =>
        new(Incarnation, version, 0, 1f, [.. nodes]);

    // A gradient of one value in the first weight.
    private static GradientSum Sum(int level, int index, float value, int rows = 2)
    {
        float[] gradient = new float[Layout.Length];
        gradient[0] = value;
        return new GradientSum(level, index, new Tensor(gradient), 0.5, rows, rows);
    }
}
