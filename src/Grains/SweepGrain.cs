using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Trainer.Clusters;
using Trainer.Compute;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Jobs;
using Trainer.Placement;
using Trainer.Sweeps;

namespace Trainer.Grains;

/// <inheritdoc cref="ISweepGrain"/>
internal sealed partial class SweepGrain(
    SiloDirectory silos,
    IHostApplicationLifetime host,
    IOptions<ComputeOptions> options,
    TimeProvider time,
    ILogger<SweepGrain> logger) : Grain, ISweepGrain
{
    // Long enough for a client that lost its connection to come back and read the end.
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromMinutes(10);

    // The silo is stopped: another one goes on from the table, so nothing is written about an end.
    private readonly CancellationTokenSource _leaving =
        CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping);

    private CancellationTokenSource _cancel = new();
    private SweepLog? _log;
    private SweepRunner? _runner;
    private SweepSubmission? _submission;
    private Task _running = Task.CompletedTask;
    private string _name = "";

    private string Id => this.GetPrimaryKeyString();

    private string? Address => GrainContext.Address.SiloAddress?.ToParsableString();

    private bool HasEnded => _log?.Summary is not null;

    /// <inheritdoc/>
    public Task StartAsync(SweepSubmission submission)
    {
        if (_log is { Summary: null } log)
        {
            log.Enter(SweepState.Running);
            _runner?.Wake();
            return Task.CompletedTask;
        }

        SweepFile file = SweepFile.Parse(submission.Text);
        _cancel = new CancellationTokenSource();
        _log = new SweepLog(time) { Trials = file.Sweep.Trials };
        (_submission, _name) = (submission, file.Job.Name);

        // Nobody calls this grain when no client watches, and idle grains are collected.
        DelayDeactivation(TimeSpan.FromDays(365));

        // Not awaited: the sweep goes on when this call is over, on this grain's scheduler.
        _runner = null;
        _running = RunAsync(submission, file, _log, _cancel);
        return Task.CompletedTask;
    }

    /// <remarks>The next leader must not start while this one still writes the table.</remarks>
    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!HasEnded)
        {
            await _leaving.CancelAsync();
            await Task.WhenAny(_running, Task.Delay(Timeout.Infinite, cancellationToken));
        }
    }

    /// <inheritdoc/>
    public Task<SweepProgress> WatchAsync(long afterSequence) => Log().WatchAsync(afterSequence);

    /// <inheritdoc/>
    public Task PauseAsync()
    {
        SweepLog log = Log();
        if (!HasEnded)
        {
            log.Enter(SweepState.Paused);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CancelAsync() => _cancel.CancelAsync();

    /// <inheritdoc/>
    public Task ExtendAsync(int trials)
    {
        Log().Trials = trials;
        _runner?.Wake();
        return Task.CompletedTask;
    }

    private SweepLog Log() => _log ?? throw new TrainerException(
        $"Sweep '{Id}' does not run on this cluster: it was never started here, or the silo that led it ended. Go on "
        + $"with 'trainer sweep resume {Id}'.");

    private async Task RunAsync(
        SweepSubmission submission, SweepFile file, SweepLog log, CancellationTokenSource cancel)
    {
        long start = time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel.Token, _leaving.Token);
        var hosts = new TrialHosts(GrainFactory, submission with { Leader = Address });
        SweepState state;
        string? error = null;
        Task publishing = PublishAsync(log);
        try
        {
            ImmutableArray<string> names =
                [.. (await silos.ActiveAsync(submission.SiloProcesses, stop.Token)).Select(silo => silo.Name)];
            await hosts.StartAsync(names);
            SortedDictionary<int, TrialRow> finished = TrialTable.Read(submission.Folder);
            await using var table = new TrialTableWriter(submission.Folder, time);
            int? window = SweepWindow.Of(file, submission.Folder, hosts.Threads);
            _runner = new SweepRunner(file, window, hosts, table, log, time);
            LogStarted(Id, names.Length, finished.Count);
            await _runner.RunAsync(finished, stop.Token);
            (state, error) = Outcome(log);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            state = SweepState.Cancelled;
        }
        catch (TrainerException failure)
        {
            (state, error) = (SweepState.Failed, failure.Message);
        }
        catch (Exception failure)
        {
            LogFailed(Id, failure);
            state = SweepState.Failed;
            error = $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        }

        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        await hosts.ReleaseAsync();
        Finish(submission, file, log, state, error, time.GetElapsedTime(start));
        await publishing;
        if (log == _log)
        {
            DelayDeactivation(KeptAfterEnd);
        }
    }

    private static (SweepState State, string? Error) Outcome(SweepLog log)
    {
        TrialRow[] rows = [.. log.Rows];
        if (rows.Any(row => row.State == TrialState.Completed))
        {
            return (SweepState.Completed, null);
        }

        string? last = rows.LastOrDefault(row => row.Error is not null)?.Error;
        return (
            SweepState.Failed,
            $"None of {rows.Length} trials completed.{(last is null ? "" : $" The last one: {last}")}");
    }

    private void Finish(
        SweepSubmission submission, SweepFile file, SweepLog log, SweepState state, string? error, TimeSpan wall)
    {
        string summary = Summarize(file, log, state, error, wall);
        try
        {
            AtomicFile.WriteAllText(Path.Combine(submission.Folder, "summary.json"), summary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            (state, error) = (SweepState.Failed, $"The summary could not be written: {failure.Message}");
            summary = Summarize(file, log, state, error, wall);
        }

        LogEnded(Id, state, error is null ? "" : $": {error}");
        log.End(state, error, summary);
    }

    private string Summarize(SweepFile file, SweepLog log, SweepState state, string? error, TimeSpan wall)
    {
        var summary = new JsonObject
        {
            ["sweep"] = Id,
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()),
            ["metric"] = file.Sweep.Metric,
            ["goal"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(file.Goal.ToString()),
            ["best"] = _runner?.Best is { } best
                ? new JsonObject
                {
                    ["number"] = best.Number,
                    ["value"] = best.Value,
                    ["parameters"] = new JsonObject(best.Parameters.Select(pair =>
                        KeyValuePair.Create(pair.Key, ParameterText.ToJson(pair.Value)))),
                }
                : null,
            ["trials"] = new JsonObject(
                new[] { TrialState.Completed, TrialState.Pruned, TrialState.Diverged, TrialState.Failed }.Select(each =>
                    KeyValuePair.Create(
                        TrialTable.NameOf(each),
                        (JsonNode?)JsonValue.Create(log.Rows.Count(row => row.State == each))))),
            ["wall_seconds"] = wall.TotalSeconds,
        };
        if (error is not null)
        {
            summary["error"] = error;
        }

        return summary.ToJsonString(JobStateFile.Json);
    }

    // Writes the state file after every change, at most every 200 ms, until the sweep has ended or goes on anew.
    private async Task PublishAsync(SweepLog log)
    {
        long seen = 0;
        while (true)
        {
            bool ended = log.Summary is not null;
            Publish(log);
            if (ended)
            {
                return;
            }

            seen = (await log.WatchAsync(seen)).Sequence;
            await Task.Delay(TimeSpan.FromMilliseconds(200), time);
            if (log != _log || _leaving.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Publish(SweepLog log)
    {
        TrialRow[] rows = [.. log.Rows];
        TrialRow? best = _runner?.Best;
        var state = new SweepStateFile(
            Id,
            _name,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(log.State.ToString()),
            rows.Length,
            rows.Count(row => row.State is not (TrialState.Running or TrialState.Paused)),
            log.Trials,
            best is null ? null : new SweepBest(best.Number, best.Value),
            _submission!.Folder)
        {
            Leader = ProcessIdentity.Current,
        };
        try
        {
            string folder = Path.Combine(Path.GetDirectoryName(options.Value.JobsFolder)!, "sweeps");
            state.Write(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A sweep does not end because its state cannot be shown.
            LogFailed(Id, failure);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Sweep {Sweep} runs on {Silos} silos; {Finished} trials stand in its table.")]
    private partial void LogStarted(string sweep, int silos, int finished);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} ended: {State}{Error}")]
    private partial void LogEnded(string sweep, SweepState state, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} failed.")]
    private partial void LogFailed(string sweep, Exception failure);
}
