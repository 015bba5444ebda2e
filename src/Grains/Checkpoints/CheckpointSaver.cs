using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Runs;
using Trainer.Training;

namespace Trainer.Checkpoints;

/// <summary>
/// Saves a job now and then without holding up its training: the servers copy their partitions between two steps, the
/// rest goes on beside the next steps. While one checkpoint is being written the next is skipped.
/// </summary>
/// <remarks>Not safe for threads: lives on its grain's scheduler.</remarks>
/// <param name="spec">Section <c>checkpoint</c> of the job.</param>
/// <param name="job">The job.</param>
/// <param name="baselines">The baselines as a JSON object.</param>
/// <param name="write">Writes a checkpoint, on any thread.</param>
/// <param name="progress">Hears of checkpoints that fail.</param>
/// <param name="time">The clock.</param>
internal sealed class CheckpointSaver(
    CheckpointSpec spec,
    CheckpointJob job,
    string baselines,
    Action<Checkpoint> write,
    ProgressLog progress,
    TimeProvider time)
{
    private readonly CheckpointSchedule _schedule = new(spec, time);
    private Task _writing = Task.CompletedTask;
    private ClaimLostException? _lost;
    private bool _isAbandoned;

    /// <summary>Steps of the job at the last checkpoint that was written, or that it went on from; 0 before.</summary>
    public long LastWritten { get; private set; }

    /// <summary>The job goes on from a checkpoint.</summary>
    /// <param name="step">Steps of the job.</param>
    public void Resumed(long step)
    {
        _schedule.Began(step);
        LastWritten = step;
    }

    /// <summary>The incarnation is over: nobody need know how the checkpoint ends that is being written.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Most steps to run at once before the next checkpoint.</summary>
    /// <param name="step">Steps of the job.</param>
    public long StepsUntilDue(long step) => _schedule.StepsUntilDue(step);

    /// <summary>Saves the job when that is due and no checkpoint is being written.</summary>
    /// <param name="crew">Its grains, between two steps.</param>
    /// <param name="position">Where it stands.</param>
    /// <exception cref="StaleIncarnationException">Another incarnation has taken the run folder over.</exception>
    public async Task OfferAsync(JobCrew crew, TrainingPosition position)
    {
        RequireClaim();
        if (_schedule.IsDue(position.TotalSteps) && _writing.IsCompleted)
        {
            await BeginAsync(crew, position);
        }
    }

    /// <summary>Saves the job now, and returns when that is done or has failed.</summary>
    /// <param name="crew">Its grains, between two steps.</param>
    /// <param name="position">Where it stands.</param>
    public async Task SaveAsync(JobCrew crew, TrainingPosition position)
    {
        await _writing;
        if (position.TotalSteps > _schedule.LastStep)
        {
            await BeginAsync(crew, position);
            await _writing;
        }

        RequireClaim();
    }

    /// <summary>Waits for the checkpoint that is being written.</summary>
    public Task EndAsync() => _writing;

    private async Task BeginAsync(JobCrew crew, TrainingPosition position)
    {
        _schedule.Began(position.TotalSteps);
        _writing = WriteAsync(await crew.CaptureAsync(), position);
    }

    private async Task WriteAsync(CrewCapture capture, TrainingPosition position)
    {
        try
        {
            // On the thread pool: it moves and hashes all parameters.
            await Task.Run(async () =>
            {
                (PartitionState state, ReadOnlyMemory<float> best) = await capture.ReadAsync();
                write(new Checkpoint(job, position, state, best, baselines));
            });
            LastWritten = position.TotalSteps;
            progress.CheckpointWritten(position.TotalSteps);
        }
        catch (ClaimLostException lost)
        {
            _lost = lost;
        }
        catch (Exception failure) when (!_isAbandoned)
        {
            // A full disk, or a silo that ended: the job goes on, or finds out by itself.
            string reason = failure.Message.ReplaceLineEndings(" ").TrimEnd('.');
            progress.CheckpointFailed(position.TotalSteps, $"{reason}.");
        }
        catch (Exception)
        {
        }
    }

    private void RequireClaim()
    {
        if (_lost is { } lost)
        {
            throw new StaleIncarnationException($"The job has stopped here: {lost.Message}");
        }
    }
}
