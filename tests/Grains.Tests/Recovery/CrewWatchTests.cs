using System.Collections.Immutable;

using Microsoft.Extensions.Time.Testing;

using Xunit;

namespace Trainer.Recovery;

public sealed class CrewWatchTests
{
    private static readonly SeenSilo A = new("silo-0", "a", IsLeaving: false);
    private static readonly SeenSilo B = new("silo-1", "b", IsLeaving: false);
    private static readonly SeenSilo C = new("silo-2", "c", IsLeaving: false);

    private readonly FakeTimeProvider _time = new();
    private ImmutableArray<SeenSilo> _living = [A, B];

    private CrewWatch Watch => field ??= new CrewWatch([A, B], () => _living, _time);

    [Fact]
    public void NothingChanged_StaysWhereItIs()
    {
        Assert.False(Watch.ShouldMove());
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(Watch.ShouldMove());
        Assert.False(Watch.HasLost());
    }

    [Fact]
    public async Task SiloGone_CallThatWaitsForItEndsAtOnce()
    {
        var never = new TaskCompletionSource<int>();
        Task<int> call = Watch.OrLostAsync(never.Task);
        Task watching = Watch.WatchAsync(CancellationToken.None);
        Assert.False(call.IsCompleted);

        _living = [A];
        _time.Advance(TimeSpan.FromMilliseconds(100));

        var lost = await Assert.ThrowsAsync<CrewLostException>(() => call);
        Assert.Equal(["silo-1"], lost.Silos);
        await watching;
    }

    [Fact]
    public void SiloReplacedUnderItsName_IsLost()
    {
        _living = [A, B with { Address = "b2" }];

        Assert.True(Watch.HasLost());
    }

    [Fact]
    public async Task NobodyLost_CallGivesItsAnswerOrItsError()
    {
        Assert.Equal(7, await Watch.OrLostAsync(Task.FromResult(7)));
        await Assert.ThrowsAsync<TimeoutException>(() => Watch.OrLostAsync(Task.FromException(new TimeoutException())));
    }

    [Fact]
    public void SiloOfTheCrewLeaves_MovesAtOnce()
    {
        _living = [A with { IsLeaving = true }, B];

        Assert.True(Watch.ShouldMove());
        Assert.False(Watch.HasLost());
    }

    [Fact]
    public void SilosJoin_MovesOnceNoMoreDo()
    {
        _living = [A, B, C];
        Assert.False(Watch.ShouldMove());
        _time.Advance(TimeSpan.FromSeconds(1));
        _living = [A, B, C, C with { Address = "d" }];
        Assert.False(Watch.ShouldMove());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Watch.ShouldMove());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(Watch.ShouldMove());
    }

    [Fact]
    public void JoinedSiloIsAboutToLeave_IsNotWaitedFor()
    {
        _living = [A, B, C with { IsLeaving = true }];
        Assert.False(Watch.ShouldMove());

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(Watch.ShouldMove());
    }

    [Fact]
    public void MoveThatFailed_IsTriedAgainAfterAWhile()
    {
        _living = [A, B, C];
        Watch.ShouldMove();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Watch.ShouldMove());

        Watch.Postpone();

        Assert.False(Watch.ShouldMove());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Watch.ShouldMove());
    }
}
