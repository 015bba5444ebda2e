using Trainer.Data;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Jobs;

/// <summary>A job with its data: everything that <c>auto</c> stood for, as the Math types that run it. A pure function of job and plan.</summary>
public sealed class JobPlan
{
    /// <summary>Resolves a job against its data.</summary>
    /// <exception cref="Errors.ConfigurationException">They do not fit (e.g. more logical shards than rows in a batch).</exception>
    public static JobPlan Create(JobSpec job, DataPlan data) => throw new NotImplementedException();

    /// <summary>The data request of a job: what <see cref="DataPlan.Create"/> takes. Resolves catalogue names and paths.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Folder that relative paths start from.</param>
    public static DataRequest Request(JobSpec job, string folder) => throw new NotImplementedException();

    /// <summary>The job, with batch size and logical shards as numbers; workers stay <c>auto</c>.</summary>
    public JobSpec Job => throw new NotImplementedException();

    /// <summary>The network.</summary>
    public MlpArchitecture Architecture => throw new NotImplementedException();

    /// <summary>The initialisation.</summary>
    public WeightInitialization Initialization => throw new NotImplementedException();

    /// <summary>The optimizer.</summary>
    public OptimizerSettings Optimizer => throw new NotImplementedException();

    /// <summary>The logical shards.</summary>
    public LogicalShards Shards => throw new NotImplementedException();

    /// <summary>Steps of the whole job: epochs times steps an epoch, at most <c>max_steps</c>.</summary>
    public long TotalSteps => throw new NotImplementedException();

    /// <summary>Things the user should know, one line each (e.g. a clipped batch size, early stopping without a validation part).</summary>
    public IReadOnlyList<string> Warnings => throw new NotImplementedException();

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Step since the start of the job, from 0.</param>
    public float LearningRate(long step) => throw new NotImplementedException();

    /// <summary>Shard grains on a cluster of <paramref name="silos"/> silos.</summary>
    /// <exception cref="Errors.ConfigurationException">More workers than logical shards; says what to set.</exception>
    public int Workers(int silos) => throw new NotImplementedException();
}
