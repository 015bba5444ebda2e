using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;
using Trainer.Optimizers;

namespace Trainer.Training;

/// <summary>What all sessions of one training share: all that decides its bits but the rows.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Objective">What training minimises beyond the loss.</param>
/// <param name="Initialization">How initial weights are drawn.</param>
/// <param name="Optimizer">The optimizer's hyper-parameters.</param>
/// <param name="Shards">The logical shards.</param>
/// <param name="Seed">The job's seed.</param>
public sealed record TrainingSetup(
    MlpArchitecture Architecture,
    TrainingObjective Objective,
    WeightInitialization Initialization,
    OptimizerSettings Optimizer,
    LogicalShards Shards,
    ulong Seed);
