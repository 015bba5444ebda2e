using System.CommandLine;

using Trainer.Cluster;

namespace Trainer.Commands;

/// <summary>Flags that commands about clusters share.</summary>
internal static class ClusterOptions
{
    /// <summary><c>--cluster NAME</c>; its default is the cluster that <c>up</c> makes without a name.</summary>
    public static Option<string?> Cluster()
    {
        Option<string?> option = Flags.Cluster($"Name of the cluster. Default: {ClusterLifecycle.DefaultName}.");
        option.DefaultValueFactory = _ => ClusterLifecycle.DefaultName;
        return option;
    }
}
