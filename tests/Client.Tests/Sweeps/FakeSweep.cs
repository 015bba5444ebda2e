using Trainer.Grains;

namespace Trainer.Sweeps;

/// <summary>A sweep grain that answers what a test has prepared, call by call; the last answer stays.</summary>
internal sealed class FakeSweep : ISweepGrain
{
    private readonly Queue<Func<Task<SweepProgress>>> _answers = new();

    public List<long> Watched { get; } = [];

    public int Starts { get; private set; }

    public int Cancels { get; private set; }

    public FakeSweep Then(SweepProgress progress)
    {
        _answers.Enqueue(() => Task.FromResult(progress));
        return this;
    }

    public FakeSweep Then(Exception error)
    {
        _answers.Enqueue(() => Task.FromException<SweepProgress>(error));
        return this;
    }

    public Task StartAsync(SweepSubmission submission)
    {
        Starts++;
        return Task.CompletedTask;
    }

    public Task<SweepProgress> WatchAsync(long afterSequence)
    {
        Watched.Add(afterSequence);
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())();
    }

    public Task PauseAsync() => Task.CompletedTask;

    public Task CancelAsync()
    {
        Cancels++;
        return Task.CompletedTask;
    }

    public Task ExtendAsync(int trials) => Task.CompletedTask;
}
