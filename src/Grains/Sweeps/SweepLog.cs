using System.Collections.Immutable;

using Trainer.Grains;
using Trainer.Runs;

namespace Trainer.Sweeps;

/// <summary>
/// What watchers of a sweep see: its state and its trials, each with the sequence number of its last change.
/// </summary>
/// <remarks>Not safe for threads: lives on its grain's scheduler.</remarks>
internal sealed class SweepLog(TimeProvider time)
{
    private readonly SortedDictionary<int, (long Sequence, TrialRow Row)> _rows = [];
    private readonly List<(long Sequence, string Message)> _messages = [];
    private readonly ChangeSignal _signal = new(time);
    private string? _error;

    /// <summary>State of the sweep.</summary>
    public SweepState State { get; private set; } = SweepState.Starting;

    /// <summary>Trials in all.</summary>
    public int Trials { get; set; }

    /// <summary>Content of summary.json once the sweep has ended.</summary>
    public string? Summary { get; private set; }

    /// <summary>All trials so far.</summary>
    public IEnumerable<TrialRow> Rows => _rows.Values.Select(item => item.Row);

    /// <summary>A trial; it must be known.</summary>
    public TrialRow this[int number] => _rows[number].Row;

    /// <summary>A trial is new or has changed.</summary>
    public void Put(TrialRow row)
    {
        _rows[row.Number] = (_signal.Next, row);
        _signal.Change();
    }

    /// <summary>Tells the user something, one line.</summary>
    public void Tell(string message)
    {
        _messages.Add((_signal.Next, message));
        _signal.Change();
    }

    /// <summary>The sweep is in another state.</summary>
    public void Enter(SweepState state)
    {
        if (State != state)
        {
            State = state;
            _signal.Change();
        }
    }

    /// <summary>The sweep has ended.</summary>
    public void End(SweepState state, string? error, string summary)
    {
        (State, _error, Summary) = (state, error, summary);
        _signal.Change();
    }

    /// <summary>Waits for something newer than a sequence number, or two seconds.</summary>
    public async Task<SweepProgress> WatchAsync(long afterSequence)
    {
        await _signal.WaitAsync(afterSequence);
        ImmutableArray<TrialRow> changed =
            [.. _rows.Values.Where(item => item.Sequence > afterSequence).Select(item => item.Row)];
        ImmutableArray<string> messages = [.. _messages.Where(m => m.Sequence > afterSequence).Select(m => m.Message)];
        return new SweepProgress(_signal.Sequence, State, Trials, changed, messages, _error, Summary);
    }
}
