using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Diagnostics;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Sweeps;

/// <summary>The client's side of a sweep that it starts or goes on with.</summary>
internal sealed class SweepSession(SweepOptions options, ISweepView view, TimeProvider time)
{
    // Silos of a client that was killed end within 15 s.
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(30);

    private readonly RunIndex _index = RunIndex.OfSweeps(TrainerHome.Current);

    /// <summary>Starts a sweep.</summary>
    /// <param name="path">The sweep file.</param>
    /// <param name="folder">Value of <c>--out</c>; null: not given.</param>
    /// <param name="stop">Ctrl-C: cancels the sweep and waits for its end.</param>
    public async Task<int> StartAsync(string path, string? folder, CancellationToken stop)
    {
        ClusterChoice choice = Choose();
        NewRun.CheckFolder(folder);
        PreparedSweep prepared = await PreparedSweep.LoadAsync(path, options.Overrides, Shown(), stop);
        Warn(prepared);
        using TraceExport traces = CreateTraces();
        using IDisposable exported = traces.Start(prepared.File.Job.Telemetry);
        var sweep = NewSweep.Create(_index, prepared, folder, time.GetUtcNow());
        bool isSubmitted = false;
        try
        {
            await using ClusterHandle cluster = await ConnectAsync(choice, sweep.Entry.Id, stop);
            sweep.PlaceOn(cluster.Name);
            isSubmitted = true;
            return await Follow(sweep.Reference, prepared).RunAsync(choice, cluster, stop);
        }
        finally
        {
            if (!isSubmitted)
            {
                sweep.Abandon();
            }
        }
    }

    /// <summary>Goes on with a sweep from its table; follows it when it runs.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trials">Value of <c>--trials</c>; null: not given.</param>
    /// <param name="stop">Ctrl-C: cancels the sweep and waits for its end.</param>
    public async Task<int> ResumeAsync(SweepReference sweep, int? trials, CancellationToken stop)
    {
        SweepRecord record = SweepRecord.Read(sweep);
        SweepFolder before = SweepFolder.Read(sweep);
        IReadOnlyList<string> edits = SweepEdit.Overrides(options.Overrides, trials);
        SweepText text = record.Text with { Overrides = [.. record.Text.Overrides, .. edits] };
        string? live = await FindLiveAsync(sweep, stop);
        if (live is null && edits.Count == 0 && before.Status == SweepStatus.NameOf(SweepState.Completed))
        {
            view.Finished(before, new SweepOutcome(SweepState.Completed, null, before.Table, double.NaN));
            view.Note($"all trials have ended; 'trainer sweep resume {sweep.Id} --trials N' adds some.");
            return ExitCode.Done;
        }

        ClusterChoice choice = live is not null && options is { Cluster: null, Silos: null }
            ? new ClusterChoice(ClusterKind.Running, live, 0)
            : Choose();
        if (live is not null && choice.Name != live)
        {
            throw new CommandException(
                $"sweep '{sweep.Id}' runs on cluster '{live}'; leave '--cluster' and '--silos' out to follow it there, "
                + $"or end it with 'trainer sweep cancel {sweep.Id}'.");
        }

        PreparedSweep prepared = await PreparedSweep.LoadAsync(text, Shown(), stop);
        RequireSameData(sweep, record, prepared);
        Warn(prepared);
        using TraceExport traces = CreateTraces();
        using IDisposable exported = traces.Start(prepared.File.Job.Telemetry);
        foreach (string change in SweepEdit.Describe(before.File, prepared.File))
        {
            view.Note($"changed: {change}");
        }

        await using ClusterHandle cluster = await ConnectAsync(choice, sweep.Id, stop);
        await PrepareFolderAsync(sweep, prepared, cluster, isLive: live is not null, isEdited: edits.Count > 0, stop);
        return await Follow(sweep, prepared).RunAsync(choice, cluster, stop);
    }

    private ClusterChoice Choose() =>
        ClusterChoice.Of(options.Cluster, options.Silos, options.Detach, ClusterHandle.IsRunning);

    private LoadProgress Shown() => new(view.Note, time);

    private SweepFollow Follow(SweepReference sweep, PreparedSweep prepared) =>
        new(sweep, prepared, options, view, time);

    private void Warn(PreparedSweep prepared)
    {
        foreach (string warning in prepared.Job.Plan.Warnings)
        {
            view.Note($"warning: {warning}");
        }
    }

    private static TraceExport CreateTraces() => new(
        "trainer-client", $"{Environment.MachineName}/client/{Environment.ProcessId}", Console.Error);

    private Task<ClusterHandle> ConnectAsync(ClusterChoice choice, string id, CancellationToken stop)
    {
        if (choice.Kind == ClusterKind.Own)
        {
            view.Note($"starting {ClusterLifecycle.Count(choice.Silos)} ...");
        }

        return choice.StartAsync(options.Threads, options.Detach ? id : null, stop);
    }

    // The cluster that has the sweep now; null: none. The silos of a client that was killed end by themselves: two
    // grains must never write one table.
    private async Task<string?> FindLiveAsync(SweepReference sweep, CancellationToken stop)
    {
        if (!IsLive(sweep) || sweep.Entry?.Cluster is not { } cluster)
        {
            return null;
        }

        ClusterFile? declared = ClusterLifecycle.Folder(cluster).ReadCluster();
        if (declared is not { UntilJob: null, Owner: { } owner } || owner.IsAlive())
        {
            return cluster;
        }

        view.Note("waiting for the silos of the command that ended");
        long start = time.GetTimestamp();
        while (IsLive(sweep) && time.GetElapsedTime(start) < OrphanPatience)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.2), time, stop);
        }

        return IsLive(sweep) ? cluster : null;
    }

    private bool IsLive(SweepReference sweep) =>
        sweep.Entry is { Cluster: { } cluster } entry
            && SweepStatus.Of(entry, TrainerHome.Current, time.GetUtcNow()).IsUnfinished
            && ClusterHandle.IsRunning(cluster);

    // A sweep that runs with another text ends first: it is started again with the new one.
    private async Task PrepareFolderAsync(
        SweepReference sweep,
        PreparedSweep prepared,
        ClusterHandle cluster,
        bool isLive,
        bool isEdited,
        CancellationToken stop)
    {
        if (isLive && !isEdited)
        {
            return;
        }

        if (isLive)
        {
            await new SweepControl(sweep, view, time).EndAsync(cluster, stop);
        }

        NewSweep.Write(sweep, prepared);
        File.Delete(sweep.SummaryPath);
        if (sweep.Entry is not null || _index.Find(sweep.Id) is null)
        {
            RunEntry entry = sweep.Entry ?? new RunEntry(sweep.Id, sweep.Folder, null, time.GetUtcNow());
            _index.Update(entry with { Cluster = cluster.Name });
        }
    }

    private static void RequireSameData(SweepReference sweep, SweepRecord record, PreparedSweep prepared)
    {
        if (prepared.DataSha256 != record.DataSha256)
        {
            throw new CommandException(
                $"the data of sweep '{sweep.Id}', {prepared.Job.Data.Request.Source.Name}, has changed since it began: "
                + "its trials could not be compared with new ones; start a new sweep.");
        }
    }
}
