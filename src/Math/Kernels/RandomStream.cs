namespace Trainer.Kernels;

/// <summary>
/// What random numbers are for; each purpose has its own stream, so that one more draw in one never shifts another.
/// </summary>
public enum RandomStream
{
    /// <summary>Initial weights: counter (layer, element in [out, in] order).</summary>
    Initialization = 1,

    /// <summary>Which rows go to which part of a split.</summary>
    Split = 2,

    /// <summary>Which training row takes which position: the base permutation of a job.</summary>
    Positions = 3,

    /// <summary>The permutation of a shard's rows in one epoch.</summary>
    Shuffle = 4,

    /// <summary>Dropout masks: counter (epoch and row of the training part, layer and unit).</summary>
    Dropout = 5,

    /// <summary>Toy data.</summary>
    Generator = 6,

    /// <summary>Proposals of a sweep's sampler: counter (trial and attempt, draw).</summary>
    Sampler = 7,

    /// <summary>Decisions of a sweep's trial scheduler: counter (trial and epoch, draw).</summary>
    TrialScheduler = 8,

    /// <summary>The forest that a sweep's importance of parameters is read from: counter (tree, draw).</summary>
    Importance = 9,
}
