using System.Collections.Immutable;

namespace Trainer.Recovery;

/// <summary>
/// Compares the silos that a crew was planned for with those that live now: whether the crew has lost one, and whether
/// the job should move at its next step because a silo leaves or has joined.
/// </summary>
/// <remarks>Pure but for its clock. Not safe for threads: lives on its grain's scheduler.</remarks>
/// <param name="crew">The silos of the crew.</param>
/// <param name="living">The silos that live now, leaving ones among them.</param>
/// <param name="time">The clock.</param>
internal sealed class CrewWatch(
    ImmutableArray<SeenSilo> crew, Func<ImmutableArray<SeenSilo>> living, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // Silos that are started together join one after the other; each move costs a checkpoint.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1.5);

    private readonly TaskCompletionSource _lost = NewLost();
    private string _wanted = "";
    private long _wantedSince;

    /// <summary>Names of the crew's silos.</summary>
    public ImmutableArray<string> Names { get; } = [.. crew.Select(silo => silo.Name)];

    /// <summary>Whether the crew has lost a silo.</summary>
    public bool HasLost()
    {
        Look();
        return _lost.Task.IsCompleted;
    }

    /// <summary>Looks at the silos until cancelled, so that no call outlasts the silo that it waits for.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!HasLost() && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Period, time, cancellationToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Waits for a call of the crew, at most until one of its silos is lost.</summary>
    /// <exception cref="CrewLostException">One is.</exception>
    public async Task<T> OrLostAsync<T>(Task<T> call)
    {
        if (await Task.WhenAny(call, _lost.Task) == call)
        {
            return await call;
        }

        // Nobody waits for it any more: how it ends is no news.
        _ = call.ContinueWith(
            ended => _ = ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        await _lost.Task;
        throw new System.Diagnostics.UnreachableException();
    }

    /// <inheritdoc cref="OrLostAsync{T}(Task{T})"/>
    public Task OrLostAsync(Task call) => OrLostAsync(AsResultAsync(call));

    /// <summary>
    /// Whether the job should go on with another crew: a silo of this one leaves, or others have been there for a
    /// while.
    /// </summary>
    public bool ShouldMove()
    {
        ImmutableArray<SeenSilo> now = living();
        HashSet<string> mine = [.. crew.Select(silo => silo.Address)];
        if (now.Any(silo => silo.IsLeaving && mine.Contains(silo.Address)))
        {
            return true;
        }

        string wanted = string.Join(' ', now.Where(silo => !silo.IsLeaving).Select(silo => silo.Address));
        if (wanted != _wanted)
        {
            (_wanted, _wantedSince) = (wanted, time.GetTimestamp());
        }

        return now.Any(silo => !silo.IsLeaving && !mine.Contains(silo.Address))
            && time.GetElapsedTime(_wantedSince) >= Settled;
    }

    /// <summary>The move could not be made: it is tried again after a while.</summary>
    public void Postpone() => _wanted = "";

    private void Look()
    {
        HashSet<string> addresses = [.. living().Select(silo => silo.Address)];
        string[] lost = [.. crew.Where(silo => !addresses.Contains(silo.Address)).Select(silo => silo.Name)];
        if (lost.Length > 0)
        {
            _lost.TrySetException(new CrewLostException(lost));
        }
    }

    private static TaskCompletionSource NewLost()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // There may be no call to wait for it.
        _ = lost.Task.ContinueWith(
            task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        return lost;
    }

    private static async Task<bool> AsResultAsync(Task call)
    {
        await call;
        return true;
    }
}
