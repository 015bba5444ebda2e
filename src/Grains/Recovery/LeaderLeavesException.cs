namespace Trainer.Recovery;

/// <summary>The silo that leads a job is about to stop, and the job is saved: another silo will lead it.</summary>
internal sealed class LeaderLeavesException() : Exception("The silo that leads the job is about to stop.");
