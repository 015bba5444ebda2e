using System.Globalization;

using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>Pauses, cancels and extends a sweep that somebody started.</summary>
internal sealed class SweepControl(SweepReference sweep, ISweepView view, TimeProvider time)
{
    /// <summary>Starts no more trials.</summary>
    public async Task<int> PauseAsync(CancellationToken stop)
    {
        if (Ended() is { } status)
        {
            view.Note($"sweep '{sweep.Id}' has already ended: {status}");
            return ExitCode.Done;
        }

        await using ClusterHandle cluster = await ConnectAsync(stop);
        await GrainOf(cluster).PauseAsync().WaitAsync(stop);
        view.Note($"sweep '{sweep.Id}' starts no more trials; 'trainer sweep resume {sweep.Id}' goes on");
        return ExitCode.Done;
    }

    /// <summary>Ends the sweep.</summary>
    public async Task<int> CancelAsync(CancellationToken stop)
    {
        if (Ended() is { } status)
        {
            view.Note($"sweep '{sweep.Id}' has already ended: {status}");
            return ExitCode.Done;
        }

        await using ClusterHandle cluster = await ConnectAsync(stop);
        await EndAsync(cluster, stop);
        view.Note($"sweep '{sweep.Id}' has ended; 'trainer sweep resume {sweep.Id}' goes on with it");
        return ExitCode.Done;
    }

    /// <summary>Sets how many trials there are in all; a sweep that does not run goes on with them later.</summary>
    /// <param name="trials"><c>130</c>, or <c>+100</c>.</param>
    /// <param name="stop">Ctrl-C.</param>
    public async Task<int> ExtendAsync(string trials, CancellationToken stop)
    {
        SweepRecord record = SweepRecord.Read(sweep);
        int before = SweepFile.Parse(record.Text).Sweep.Trials;
        int after = Count(trials, before);
        bool isLive = Ended() is null && IsLive();
        if (isLive)
        {
            await using ClusterHandle cluster = await ConnectAsync(stop);
            await GrainOf(cluster).ExtendAsync(after).WaitAsync(stop);
        }

        IReadOnlyList<string> edits = SweepEdit.Overrides([], after);
        SweepText text = record.Text with { Overrides = [.. record.Text.Overrides, .. edits] };
        (record with { Text = text }).Write(sweep);
        Formats.AtomicFile.WriteAllText(sweep.SweepPath, Resolved(text));
        string next = isLive && Status()?.State != SweepStatus.NameOf(SweepState.Paused)
            ? "it goes on with them"
            : $"'trainer sweep resume {sweep.Id}' runs them";
        view.Note(string.Create(CultureInfo.InvariantCulture, $"{before} -> {after} trials; {next}"));
        return ExitCode.Done;
    }

    /// <summary>Cancels the sweep on its cluster and waits for its end.</summary>
    /// <exception cref="CommandException">It does not end.</exception>
    public async Task EndAsync(ClusterHandle cluster, CancellationToken stop)
    {
        var watcher = new SweepWatcher(
            GrainOf(cluster),
            SweepFolder.Read(sweep).Table,
            () => SweepFolder.Summary(sweep),
            view.Note,
            $"'trainer sweep status {sweep.Id}' shows it.",
            time);
        if (await watcher.CancelAsync(_ => { }, stop) is null)
        {
            throw new CommandException(
                $"sweep '{sweep.Id}' was asked to end and has not yet; 'trainer sweep status {sweep.Id}' shows it.",
                ExitCode.Failed);
        }
    }

    /// <summary>The state as the grain tells; null when no cluster has the sweep.</summary>
    public async Task<SweepProgress?> FindProgressAsync(CancellationToken stop)
    {
        if (!IsLive())
        {
            return null;
        }

        try
        {
            await using ClusterHandle cluster = await ConnectAsync(stop);
            return await GrainOf(cluster).WatchAsync(0).WaitAsync(stop);
        }
        catch (Exception gone) when (gone is TrainerException or ClusterUnreachableException or TimeoutException)
        {
            return null;
        }
    }

    private static string Resolved(SweepText text)
    {
        var file = SweepFile.Parse(text);
        return file.ToYaml(file.Job);
    }

    private static int Count(string text, int before)
    {
        bool isMore = text.StartsWith('+');
        if (!int.TryParse(isMore ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number < 1 || number > int.MaxValue - before)
        {
            throw new CommandException(
                $"'--trials' is '{text}'; it takes the trials in all such as 130, or how many more such as +100.");
        }

        return isMore ? before + number : number;
    }

    private ISweepGrain GrainOf(ClusterHandle cluster) => cluster.Client.GetGrain<ISweepGrain>(sweep.Id);

    private SweepStatus? Status() =>
        sweep.Entry is { } entry ? SweepStatus.Of(entry, TrainerHome.Current, time.GetUtcNow()) : null;

    private string? Ended() => IsLive() ? null : SweepFolder.Read(sweep).Status;

    private bool IsLive() => Status() is { IsUnfinished: true, Entry.Cluster: { } cluster }
        && ClusterHandle.IsRunning(cluster);

    private Task<ClusterHandle> ConnectAsync(CancellationToken stop) => Status() switch
    {
        { IsUnfinished: true, Entry.Cluster: { } cluster } when ClusterHandle.IsRunning(cluster) =>
            ClusterHandle.ConnectAsync(cluster, stop),
        { IsUnfinished: true, Entry.Cluster: not null } => throw new ClusterUnreachableException(
            $"sweep '{sweep.Id}' runs inside the command that started it, or its cluster has ended; Ctrl-C there ends "
            + $"it, 'trainer sweep resume {sweep.Id}' goes on."),
        _ => throw new ClusterUnreachableException(
            $"sweep '{sweep.Id}' does not run; 'trainer sweep resume {sweep.Id}' goes on with it."),
    };
}
