using System.Collections.Immutable;
using System.Text.Json.Nodes;

using Trainer.Cluster;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Training;

namespace Trainer.Sweeps;

/// <summary>
/// Follows a sweep until it ends, through short failures of calls and through the end of the silo that leads it.
/// </summary>
/// <param name="sweep">The sweep's grain.</param>
/// <param name="table">Its trials so far; takes those that come.</param>
/// <param name="readSummary">Reads the sweep's summary from its folder; null while there is none.</param>
/// <param name="note">Takes one line for the user.</param>
/// <param name="whenLost">What the user can do when the cluster stays silent: a sentence.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepWatcher(
    ISweepGrain sweep,
    SweepTable table,
    Func<JsonObject?> readSummary,
    Action<string> note,
    string whenLost,
    TimeProvider time)
{
    private const int MostRestarts = 10;

    private readonly PatientCaller _calls = new(() => readSummary() is not null, note, whenLost, time);
    private readonly int _endedBefore = table.Ended;
    private SweepSubmission? _submission;
    private SweepState _state = SweepState.Starting;
    private long _sequence;
    private int _restarts;

    /// <summary>Starts the sweep, or goes on with it; repeated when a call fails.</summary>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task StartAsync(SweepSubmission submission, CancellationToken cancellationToken)
    {
        await _calls.CallAsync(() => sweep.StartAsync(submission), cancellationToken);
        _submission = submission;
    }

    /// <summary>Watches to the end. A second call goes on where the first was cancelled.</summary>
    /// <param name="show">Takes every change.</param>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task<SweepOutcome> WatchAsync(Action<SweepChange> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await WatchOnceAsync(show, cancellationToken) ?? FromFolder();
            }
            catch (TrainerException) when (readSummary() is not null)
            {
                // It has ended, and its grain is gone.
                return FromFolder();
            }
            catch (TrainerException) when (_submission is not null && _restarts < MostRestarts)
            {
                // The silo that led it ended: another one goes on from the table.
                _restarts++;
                _sequence = 0;
                note("the silo that led the sweep ended; another one goes on from the table of trials");
                await _calls.CallAsync(() => sweep.StartAsync(_submission), cancellationToken);
            }
            catch (TrainerException error)
            {
                return new SweepOutcome(SweepState.Failed, error.Message, table, double.NaN);
            }
        }
    }

    /// <summary>Asks the sweep to stop and watches it end.</summary>
    /// <param name="show">Takes every change.</param>
    /// <returns>How it ended; null when it has not within <see cref="JobWatcher.StopPatience"/>.</returns>
    public async Task<SweepOutcome?> CancelAsync(Action<SweepChange> show, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(JobWatcher.StopPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        _submission = null;
        try
        {
            bool isAnswered = await _calls.CallAsync(sweep.CancelAsync, either.Token);
            return isAnswered ? await WatchAsync(show, either.Token) : FromFolder();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Null: the folder tells how it ended.
    private async Task<SweepOutcome?> WatchOnceAsync(Action<SweepChange> show, CancellationToken cancellationToken)
    {
        while (await _calls.CallAsync(() => sweep.WatchAsync(_sequence), cancellationToken) is { } progress)
        {
            _sequence = progress.Sequence;
            foreach (string message in progress.Messages)
            {
                note(message);
            }

            show(new SweepChange(progress.State, progress.Trials, table, Take(progress.Changed), _endedBefore));
            if (progress.State == SweepState.Paused && _state != SweepState.Paused)
            {
                note("the sweep is paused: 'trainer sweep resume' goes on");
            }

            _state = progress.State;
            if (progress.State >= SweepState.Completed)
            {
                return new SweepOutcome(progress.State, progress.Error, table, WallSeconds(readSummary()));
            }
        }

        return null;
    }

    // The trials that end with this change.
    private ImmutableArray<TrialRow> Take(ImmutableArray<TrialRow> changed)
    {
        var ended = ImmutableArray.CreateBuilder<TrialRow>();
        foreach (TrialRow trial in changed)
        {
            bool wasEnded = table.Find(trial.Number) is { } before && SweepTable.HasEnded(before);
            table.Put(trial);
            if (SweepTable.HasEnded(trial) && !wasEnded)
            {
                ended.Add(trial);
            }
        }

        return ended.ToImmutable();
    }

    private SweepOutcome FromFolder() => readSummary() is { } summary
        ? new SweepOutcome(
            Enum.GetValues<SweepState>()
                .FirstOrDefault(state => SweepStatus.NameOf(state) == (string?)summary["status"], SweepState.Failed),
            (string?)summary["error"],
            table,
            WallSeconds(summary))
        : new SweepOutcome(SweepState.Failed, "The sweep's summary has disappeared.", table, double.NaN);

    private static double WallSeconds(JsonObject? summary) => (double?)summary?["wall_seconds"] ?? double.NaN;
}
