using System.CommandLine;
using System.CommandLine.Parsing;

using Trainer.Cluster;

namespace Trainer.Commands;

/// <summary>Flags that commands about clusters share.</summary>
internal static class ClusterOptions
{
    private const int MostThreads = 1024;

    /// <summary><c>--cluster NAME</c>.</summary>
    public static Option<string> Cluster() => new("--cluster")
    {
        Description = "Name of the cluster.",
        HelpName = "NAME",
        DefaultValueFactory = _ => ClusterLifecycle.DefaultName,
    };

    /// <summary><c>--threads T</c>.</summary>
    public static Option<int?> Threads()
    {
        var option = new Option<int?>("--threads")
        {
            Description = "Compute threads of each silo; default: the cores shared out, at least 1.",
            HelpName = "T",
        };
        option.Validators.Add(result => Check(result, result.GetValueOrDefault<int?>(), 1, MostThreads));
        return option;
    }

    /// <summary>Refuses a number of silos that no cluster has.</summary>
    public static void CheckSilos(SymbolResult result, int? silos) => Check(result, silos, 1, ClusterLifecycle.MostSilos);

    private static void Check(SymbolResult result, int? value, int least, int most)
    {
        if (value < least || value > most)
        {
            string name = result is OptionResult option ? option.Option.Name : ((ArgumentResult)result).Argument.Name;
            result.AddError($"'{name}' is {value}; allowed are {least} to {most}.");
        }
    }
}
