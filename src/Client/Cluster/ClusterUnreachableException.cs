namespace Trainer.Cluster;

/// <summary>A cluster that is not running or does not answer (exit code 4).</summary>
internal sealed class ClusterUnreachableException(string message) : Exception(message)
{
    /// <summary>One that is not running.</summary>
    public static ClusterUnreachableException NotRunning(string name)
    {
        if (name.StartsWith(ClusterLifecycle.OwnPrefix, StringComparison.Ordinal))
        {
            return new ClusterUnreachableException(
                $"Cluster '{name}' is not running; it ended with its job or its client.");
        }

        string flag = name == ClusterLifecycle.DefaultName ? "" : $" --cluster {name}";
        return new ClusterUnreachableException($"Cluster '{name}' is not running; start it with 'trainer up{flag}'.");
    }
}
