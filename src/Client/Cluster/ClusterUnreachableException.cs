namespace Trainer.Cluster;

/// <summary>A cluster that is not running or does not answer (exit code 4).</summary>
internal sealed class ClusterUnreachableException(string message) : Exception(message);
