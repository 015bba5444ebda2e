using Trainer.Sweeps;

namespace Trainer.Jobs;

/// <summary>The section <c>sweep</c> of a sweep file, without its space. The defaults here are the product's.</summary>
public sealed record SweepSpec
{
    /// <summary>Who proposes parameters.</summary>
    public SamplerSpec Sampler { get; init; } = new TpeSpec();

    /// <summary>Who stops trials early.</summary>
    public TrialSchedulerSpec Scheduler { get; init; } = new NoSchedulerSpec();

    /// <summary>The metric, as <c>part.metric</c>.</summary>
    public string Metric { get; init; } = "validation.loss";

    /// <summary>Which values are better; null: what the metric's name says.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Trials in all.</summary>
    public int Trials { get; init; } = 30;

    /// <summary>Trials at the same time; null: one a compute thread of the cluster.</summary>
    public int? Parallel { get; init; }

    /// <summary>When to stop starting trials.</summary>
    public SweepBudgetSpec Budget { get; init; } = new();

    /// <summary>Seeds a trial; its value is their mean.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Seed of sampler and scheduler; null: the job's.</summary>
    public long? Seed { get; init; }

    /// <summary>No trial is started once one has reached this value; null: none.</summary>
    public double? Target { get; init; }

    /// <summary>Failed trials (not diverged ones) that are borne; one more ends the sweep. Null: any number.</summary>
    public int? Failures { get; init; }
}

/// <summary>Limits of a whole sweep.</summary>
public sealed record SweepBudgetSpec
{
    /// <summary>Minutes after which no trial is started; null: no limit.</summary>
    public double? Minutes { get; init; }

    /// <summary>Epochs of all trials together after which none is started; null: no limit.</summary>
    public long? Epochs { get; init; }
}
