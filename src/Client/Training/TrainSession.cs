using Trainer.Cluster;
using Trainer.Clusters;
using Trainer.Diagnostics;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>The client's side of one training: from the command line to the exit code.</summary>
internal sealed class TrainSession(TrainOptions options, IRunView view, TimeProvider time)
{
    /// <summary>Runs it.</summary>
    /// <param name="stop">Ctrl-C: cancels the job and waits for its end.</param>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        PlacementOptions placement = options.Placement;
        var choice =
            ClusterChoice.Of(placement.Cluster, placement.Silos, placement.Detach, ClusterHandle.IsRunning);
        NewRun.CheckFolder(options.Out);
        TrainerHome.Current.Create(TrainerHome.Current.Runs);
        var shown = new LoadProgress(view.Note, time);
        PreparedJob job = await PreparedJob.LoadAsync(options.JobPath, options.Overrides, shown, stop);
        IReadOnlyList<string> reported = job.ReportedMetrics();
        Requirement[] requirements = [.. options.Require.Select(text => Requirement.Parse(text, reported))];
        _ = job.Plan.Workers(Math.Max(1, choice.Silos));
        foreach (string warning in job.Plan.Warnings)
        {
            view.Note($"warning: {warning}");
        }

        using var traces = new TraceExport(
            "trainer-client", $"{Environment.MachineName}/client/{Environment.ProcessId}", Console.Error);
        using IDisposable exported = traces.Start(job.Plan.Job.Telemetry);
        JobSpec spec = job.Plan.Job;
        var run = NewRun.Create(
            new RunIndex(TrainerHome.Current), spec.Name, options.Out, JobFile.ToYaml(spec), time.GetUtcNow());
        var session = new JobSession(job, choice, placement, view, time) { Requirements = requirements };
        bool isSubmitted = false;
        try
        {
            return await session.RunAsync(
                run.Entry,
                cluster =>
                {
                    run.PlaceOn(cluster);
                    isSubmitted = true;
                },
                stop);
        }
        finally
        {
            if (!isSubmitted)
            {
                run.Abandon();
            }
        }
    }
}
