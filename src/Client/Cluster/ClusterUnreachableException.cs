namespace Trainer.Cluster;

/// <summary>A cluster that is not running or does not answer (exit code 4).</summary>
internal sealed class ClusterUnreachableException(string message) : Exception(message)
{
    /// <summary>One that is not running.</summary>
    public static ClusterUnreachableException NotRunning(string name)
    {
        string flag = name == ClusterLifecycle.DefaultName ? "" : $" --cluster {name}";
        return new ClusterUnreachableException($"Cluster '{name}' is not running; start it with 'trainer up{flag}'.");
    }
}
