using System.Collections.Immutable;
using System.Threading.Channels;

using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Sweeps.Schedulers;
using Trainer.Sweeps.Spaces;
using Trainer.Wire;

namespace Trainer.Sweeps;

/// <summary>
/// Runs a sweep: starts trials, takes what they report, carries out what sampler and scheduler decide.
/// </summary>
/// <remarks>
/// Lives on its grain's scheduler and only awaits. The table on disk is all that it would need to go on.
/// </remarks>
/// <param name="file">The sweep.</param>
/// <param name="window">How many of the last trials a proposal does not wait for (<see cref="SweepWindow"/>).</param>
/// <param name="hosts">The silos.</param>
/// <param name="table">Gets the trials that have ended.</param>
/// <param name="log">Gets all changes.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepRunner(
    SweepFile file, int? window, TrialHosts hosts, TrialTableWriter table, SweepLog log, TimeProvider time)
{
    private readonly Channel<(int Number, string Silo, TrialOutcome? Outcome, Exception? Error)> _ended =
        Channel.CreateUnbounded<(int, string, TrialOutcome?, Exception?)>();

    // Trials to be started again, or to go on: number, weights to go on with.
    private readonly Queue<(int Number, ImmutableArray<Tensor> Weights)> _ready = [];
    private readonly long _started = time.GetTimestamp();
    private readonly bool _reportsEpochs = file.Sweep.Scheduler is not NoSchedulerSpec;
    private Sweep _sweep = null!;
    private int _running;
    private int _parallel;

    /// <summary>The best trial; null while none has completed.</summary>
    public TrialRow? Best => _sweep?.Best is { } best ? log[best.Number] : null;

    /// <summary>Looks anew at what the log says: the state, trials in all.</summary>
    public void Wake() => _ended.Writer.TryWrite((-1, "", null, null));

    /// <summary>Runs until all trials have ended, or a limit or the target was reached.</summary>
    /// <param name="finished">The table so far.</param>
    /// <param name="cancellationToken">Ends the sweep; what has ended stays.</param>
    /// <exception cref="TrainerException">No silo is left, or too many trials failed.</exception>
    public async Task RunAsync(IReadOnlyDictionary<int, TrialRow> finished, CancellationToken cancellationToken)
    {
        _parallel = file.Sweep.Parallel ?? hosts.Threads;
        Restore(finished);
        if (log.State == SweepState.Starting)
        {
            log.Enter(SweepState.Running);
        }

        using CancellationTokenRegistration cancelled = cancellationToken.Register(Wake);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await StartAsync();
            if (_running == 0 && log.State != SweepState.Paused)
            {
                await PruneHeldAsync();
                return;
            }

            (int number, string silo, TrialOutcome? outcome, Exception? error) =
                await _ended.Reader.ReadAsync(CancellationToken.None);
            if (number >= 0)
            {
                _running--;
                await TakeAsync(number, silo, outcome, error);
            }
            else
            {
                _sweep.MostTrials = log.Trials;
            }
        }
    }

    // Trials that a kill has interrupted have no line: they are proposed as before, and run again.
    private void Restore(IReadOnlyDictionary<int, TrialRow> finished)
    {
        int count = finished.Count == 0 ? 0 : finished.Keys.Max() + 1;
        Samplers.ISampler sampler = SweepMethods.Sampler(file, log.Trials);
        double[] nowhere = new double[file.Space.Dimensions.Count];
        Array.Fill(nowhere, double.NaN);
        List<Trial> trials = [];
        for (int number = 0; number < count; number++)
        {
            if (finished.TryGetValue(number, out TrialRow? row))
            {
                // After the space was edited a point may lie outside; models leave it out.
                ParameterSet point = TrialTable.PointOf(row, file.Space) ?? new ParameterSet(nowhere);
                trials.Add(new Trial(number, point, row.State, row.Value, row.Curve));
                log.Put(row);
            }
            else if (sampler.Propose(Sweep.Known(trials, number, window), number) is { } parameters)
            {
                trials.Add(Trial.Started(number, parameters));
                log.Put(NewRow(trials[^1]));
                _ready.Enqueue((number, []));
            }
            else
            {
                // The space was edited and has no point left for it: nobody hears of this number again.
                trials.Add(new Trial(number, new ParameterSet(nowhere), TrialState.Failed, double.NaN, []));
            }
        }

        _sweep = new Sweep(sampler, SweepMethods.Scheduler(file), file.Goal, log.Trials, trials, window);
    }

    private async Task StartAsync()
    {
        while (_running < _parallel && log.State != SweepState.Paused)
        {
            if (_ready.TryDequeue(out (int Number, ImmutableArray<Tensor> Weights) next))
            {
                if (IsLost(next.Number, next.Weights))
                {
                    await FailAsync(next.Number, log[next.Number].Silo!);
                }
                else
                {
                    Start(next.Number, next.Weights);
                }

                continue;
            }

            StopAtLimits();
            if (_sweep.Ask() is not { } trial)
            {
                if (_sweep.AllStarted)
                {
                    await CarryOutAsync(_sweep.Wake());
                }

                if (_ready.Count == 0)
                {
                    return;
                }

                continue;
            }

            log.Put(NewRow(trial));
            Start(trial.Number, []);
        }
    }

    private void Start(int number, ImmutableArray<Tensor> weights)
    {
        TrialRow row = log[number];
        string silo = hosts.Choose(row.Silo);
        int until = _reportsEpochs ? row.Epochs + 1 : int.MaxValue;
        log.Put(row with { State = TrialState.Running, Silo = silo });
        var order = new TrialOrder(
            number, [.. row.Parameters.Select(pair => $"{pair.Key}={pair.Value}")], row.Epochs, until, weights);
        _running++;
        _ = RunAsync(silo, order);
    }

    private async Task RunAsync(string silo, TrialOrder order)
    {
        try
        {
            TrialOutcome outcome = await hosts.RunAsync(silo, order);
            _ended.Writer.TryWrite((order.Number, silo, outcome, null));
        }
        catch (Exception error)
        {
            _ended.Writer.TryWrite((order.Number, silo, null, error));
        }
    }

    private async Task TakeAsync(int number, string silo, TrialOutcome? outcome, Exception? error)
    {
        if (outcome is null)
        {
            await LoseAsync(number, silo, error!);
            return;
        }

        TrialRow row = log[number];
        double value = outcome.Values.IsEmpty ? double.NaN : outcome.Values.Average();
        row = row with
        {
            Epochs = row.Epochs + outcome.Curve.Length,
            Curve = [.. row.Curve, .. outcome.Curve],
            Value = double.IsNaN(value) ? row.Value : value,
            Values = outcome.Values.IsEmpty ? row.Values : outcome.Values,
            Seconds = row.Seconds + outcome.Seconds,
            Error = outcome.Error,
        };
        log.Put(row);
        IReadOnlyList<TrialDecision> decisions = Report(number, outcome);
        if (outcome.End is { } end && _sweep.Trials[number].State == TrialState.Running)
        {
            End(row with { State = end });
            decisions = [.. decisions.Where(each => each.Number != number), .. _sweep.Tell(number, end, row.Value)];
        }

        await CarryOutAsync(decisions);
        CheckFailures();
    }

    // Each epoch's metric once; what came at the end of the trial decides nothing more about it.
    private IReadOnlyList<TrialDecision> Report(int number, TrialOutcome outcome)
    {
        List<TrialDecision> decisions = [];
        bool ends = outcome.End is not null;
        int reports = ends && _reportsEpochs ? outcome.Curve.Length - 1 : outcome.Curve.Length;
        for (int i = 0; i < reports; i++)
        {
            decisions.AddRange(_sweep.Report(number, outcome.Curve[i]));
        }

        return _reportsEpochs ? decisions : [];
    }

    private async Task CarryOutAsync(IReadOnlyList<TrialDecision> decisions)
    {
        foreach (TrialDecision decision in decisions)
        {
            TrialRow row = log[decision.Number];
            switch (decision.Action)
            {
                case TrialAction.Continue:
                    _ready.Enqueue((decision.Number, []));
                    break;
                case TrialAction.Pause:
                    log.Put(row with { State = TrialState.Paused });
                    break;
                case TrialAction.Stop:
                    End(row with { State = TrialState.Pruned });
                    await hosts.DropAsync(row.Silo!, decision.Number);
                    break;
                default:
                    await ExploitAsync(decision);
                    break;
            }
        }
    }

    private async Task ExploitAsync(TrialDecision decision)
    {
        TrialRow from = log[decision.From!.Value];
        ImmutableArray<Tensor> weights;
        try
        {
            weights = await hosts.CaptureAsync(from.Silo!, from.Number);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            hosts.Lose(from.Silo!, error);
            await FailAsync(decision.Number, from.Silo!);
            return;
        }

        log.Put(log[decision.Number] with
        {
            State = TrialState.Running,
            Parameters = [.. file.Space.Format(decision.Parameters!)],
            Point = TrialTable.Describe(file.Space, decision.Parameters!),
            From = from.Number,
        });
        _ready.Enqueue((decision.Number, weights));
    }

    private void End(TrialRow row)
    {
        log.Put(row);
        table.Append(row);
    }

    // A host answers with an outcome, also of trials that fail. Where it does not, its silo ends or has ended, and
    // takes its trials along: each starts again elsewhere, and comes to the same values.
    private async Task LoseAsync(int number, string silo, Exception error)
    {
        hosts.Lose(silo, error);
        TrialRow row = log[number];
        if (row.From is null)
        {
            _ready.Enqueue((number, []));
            return;
        }

        await FailAsync(number, silo);
    }

    // Weights that came from another trial cannot be made again by running the trial anew.
    private bool IsLost(int number, ImmutableArray<Tensor> weights) =>
        weights.IsDefaultOrEmpty && log[number] is { From: not null, Silo: { } silo } && !hosts.Has(silo);

    private async Task FailAsync(int number, string silo)
    {
        End(log[number] with
        {
            State = TrialState.Failed,
            Error = $"Silo '{silo}' ended with the weights of the trial.",
        });
        await CarryOutAsync(_sweep.Tell(number, TrialState.Failed, double.NaN));
        CheckFailures();
    }

    // Nobody runs and nobody is to start: trials that still wait for others wait in vain.
    private async Task PruneHeldAsync()
    {
        Trial[] held = [.. _sweep.Trials.Where(trial => trial.State == TrialState.Paused)];
        foreach (Trial trial in held)
        {
            TrialRow row = log[trial.Number];
            End(row with { State = TrialState.Pruned });
            await hosts.DropAsync(row.Silo!, trial.Number);
        }
    }

    private void StopAtLimits()
    {
        SweepBudgetSpec budget = file.Sweep.Budget;
        bool isOver = time.GetElapsedTime(_started).TotalMinutes >= budget.Minutes
            || log.Rows.Sum(row => (long)row.Epochs) >= budget.Epochs
            || (file.Sweep.Target is { } target && _sweep.Best is { } best && Reaches(best.Value, target));
        if (isOver)
        {
            _sweep.MostTrials = Math.Min(_sweep.MostTrials, Math.Max(1, _sweep.Trials.Count));
        }
    }

    private bool Reaches(double value, double target) =>
        file.Goal == Goal.Maximize ? value >= target : value <= target;

    private void CheckFailures()
    {
        int failed = log.Rows.Count(row => row.State == TrialState.Failed);
        if (failed > file.Sweep.Failures)
        {
            string error = log.Rows.Last(row => row.State == TrialState.Failed).Error ?? "";
            throw new TrainerException(
                $"{failed} trials failed; 'sweep.failures' bears {file.Sweep.Failures}. The last one: {error}");
        }
    }

    private TrialRow NewRow(Trial trial) => new(
        trial.Number,
        TrialState.Running,
        null,
        [.. file.Space.Format(trial.Parameters)],
        TrialTable.Describe(file.Space, trial.Parameters),
        0,
        double.NaN,
        [],
        [],
        0,
        null,
        null);
}
