using System.Diagnostics;

namespace Trainer.Diagnostics;

/// <summary>
/// The activity source and every span name and tag of the project. One span a range of steps, never one a message.
/// </summary>
public static class TrainerActivity
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Trainer";

    /// <summary>Client: from submission to the end of a job.</summary>
    public const string JobRun = "job.run";

    /// <summary>Job grain: the job on the cluster.</summary>
    public const string JobTrain = "job.train";

    /// <summary>Job grain: one epoch.</summary>
    public const string EpochRun = "epoch.run";

    /// <summary>Shard grain: loading its rows.</summary>
    public const string ShardLoad = "shard.load";

    /// <summary>Shard grain: a range of steps.</summary>
    public const string ShardRunSteps = "shard.run_steps";

    /// <summary>Shard grain: an evaluation.</summary>
    public const string ShardEvaluate = "shard.evaluate";

    /// <summary>Parameter server grain: initialisation of its partition.</summary>
    public const string ServerInitialize = "server.initialize";

    /// <summary>Tag: job id.</summary>
    public const string Job = "trainer.job";

    /// <summary>Tag: name of the silo.</summary>
    public const string Silo = "trainer.silo";

    /// <summary>Tag: worker number.</summary>
    public const string Worker = "trainer.worker";

    /// <summary>Tag: partition number.</summary>
    public const string Partition = "trainer.partition";

    /// <summary>Tag: epoch, from 1.</summary>
    public const string Epoch = "trainer.epoch";

    /// <summary>Tag: first step of a range, since the start of the job.</summary>
    public const string FirstStep = "trainer.first_step";

    /// <summary>Tag: steps of a range.</summary>
    public const string StepCount = "trainer.step_count";

    /// <summary>Tag: rows.</summary>
    public const string Rows = "trainer.rows";

    /// <summary>The source.</summary>
    public static ActivitySource Source { get; } = new(SourceName);
}
