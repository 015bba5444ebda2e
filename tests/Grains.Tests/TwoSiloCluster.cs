using System.Collections.Immutable;

using Orleans.TestingHost;

using Trainer.Data;
using Trainer.Jobs;
using Trainer.Models;
using Trainer.Training;

using Xunit;

namespace Trainer.Grains;

/// <summary>Three silos: an odd number of partitions.</summary>
public sealed class ThreeSiloCluster() : TwoSiloCluster(3);

/// <summary>Two silos in this process, for what needs Orleans but no real processes.</summary>
public class TwoSiloCluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public TwoSiloCluster()
        : this(2)
    {
    }

    protected TwoSiloCluster(int silos)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((options, silo) =>
            silo.AddTrainerGrains(options.SiloName, computeThreads: 2, Path.Combine(Folder, "jobs")));
        _cluster = builder.Build();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("trainer-grains-").FullName;

    public IGrainFactory Grains => _cluster.Client;

    public ImmutableArray<string> Silos => [.. _cluster.Silos.Select(silo => silo.Name).Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A job file in a folder of its own, resolved.</summary>
    public (JobSpec Job, DataPlan Data) Resolve(string yaml, params string[] overrides)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("job-").FullName, "job.yaml");
        File.WriteAllText(file, yaml);
        JobSpec job = JobFile.Load(file, overrides, new Dictionary<string, string>());
        DataPlan data = DataPlan.Create(JobPlan.Request(job, Path.GetDirectoryName(file)!), CancellationToken.None);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return (JobPlan.Create(job, data).Job, data);
    }

    /// <summary>Starts a job, or resumes it where the attempt has a name.</summary>
    public async Task<ITrainingJobGrain> StartAsync(string id, JobSpec job, DataPlan data, string? attempt = null)
    {
        string folder = Path.Combine(Folder, id);
        Directory.CreateDirectory(folder);
        IEnumerable<DataPlan> folds = JobPlan.Folds(job, data.Request, CancellationToken.None)
            .Select(fold => DataPlan.Create(fold, CancellationToken.None));
        ITrainingJobGrain grain = Grains.GetGrain<ITrainingJobGrain>(id);
        RegisteredFile? weights = InitialWeightsFile.Register(JobPlan.Create(job, data));
        await grain.StartAsync(new JobSubmission(id, job, data.ToJson(), folder, "{}", 2, null, weights)
        {
            FoldPlans = [.. folds.Select(fold => fold.ToJson())],
            Attempt = attempt,
        });
        return grain;
    }

    /// <summary>Follows a job to its end.</summary>
    public static async Task<JobProgress> EndAsync(ITrainingJobGrain grain, CancellationToken cancellationToken)
    {
        // What hangs fails, instead of the whole run of the tests.
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeSpan.FromMinutes(3));
        JobProgress progress = await grain.WatchAsync(0);
        while (progress.Summary is null)
        {
            limited.Token.ThrowIfCancellationRequested();
            progress = await grain.WatchAsync(progress.Sequence);
        }

        return await grain.WatchAsync(0);
    }

    /// <summary>The weights that a serial loop gives.</summary>
    public static float[] LoopWeights(JobSpec job, DataPlan data, int epochs) =>
        new ParameterLayout(JobPlan.Create(job, data).Architecture).ToRowMajor(Loop(job, data, epochs).Weights);

    /// <summary>The loop after some epochs of a job.</summary>
    public static TrainingLoop Loop(JobSpec job, DataPlan data, int epochs)
    {
        JobPlan plan = JobPlan.Create(job, data);
        RowSet rows = data.Load(
            new Dictionary<DataPart, int[]?> { [DataPart.Train] = null }, CancellationToken.None)[DataPart.Train];
        var loop = new TrainingLoop(
            plan.Architecture, plan.Initialization, plan.Optimizer, plan.Shards, rows, (ulong)job.Seed, plan.Objective);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            loop.RunEpoch(epoch, plan.LearningRate);
        }

        return loop;
    }
}
