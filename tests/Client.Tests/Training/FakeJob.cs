using Trainer.Grains;

namespace Trainer.Training;

/// <summary>A job grain that answers what a test has prepared, call by call; the last answer stays.</summary>
internal sealed class FakeJob : ITrainingJobGrain
{
    private readonly Queue<Func<Task<JobProgress>>> _answers = new();

    public List<long> Watched { get; } = [];

    public int Starts { get; private set; }

    public int Cancels { get; private set; }

    public int Pauses { get; private set; }

    public Func<Task> OnStart { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnCancel { get; set; } = () => Task.CompletedTask;

    public FakeJob Then(JobProgress progress) => Then(() => Task.FromResult(progress));

    public FakeJob Then(Exception error) => Then(() => Task.FromException<JobProgress>(error));

    public FakeJob Then(Func<Task<JobProgress>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public Task StartAsync(JobSubmission submission)
    {
        Starts++;
        return OnStart();
    }

    public Task<JobProgress> WatchAsync(long afterSequence)
    {
        Watched.Add(afterSequence);
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())();
    }

    public Task CancelAsync()
    {
        Cancels++;
        return OnCancel();
    }

    public Task PauseAsync()
    {
        Pauses++;
        return OnCancel();
    }
}
