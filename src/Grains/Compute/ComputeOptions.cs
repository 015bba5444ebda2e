using System.ComponentModel.DataAnnotations;

namespace Trainer.Compute;

/// <summary>How a silo computes.</summary>
public sealed class ComputeOptions
{
    /// <summary>Name of this silo, as in the cluster's state.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")]
    public string SiloName { get; set; } = "";

    /// <summary>Dedicated compute threads of this silo.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = 1;

    /// <summary>Folder of the live job state files, <c>ID.json</c> each.</summary>
    [Required]
    public string JobsFolder { get; set; } = "";

    /// <summary>Longest wait of a pushed gradient for the others of its step. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan StepTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Floating-point operations of a worker's step below which one thread is faster than handing tiles to others.
    /// Default: 4 million, as measured: some 30 us of one thread.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long TeamThreshold { get; set; } = Backends.ComputePool.TeamThreshold;
}
