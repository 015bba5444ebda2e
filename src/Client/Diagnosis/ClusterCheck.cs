using System.Text.Json.Nodes;

using Trainer.Cluster;
using Trainer.Clusters;

namespace Trainer.Diagnosis;

/// <summary>The clusters of this user that run, and those that left something behind.</summary>
internal static class ClusterCheck
{
    private const string Name = "cluster";

    /// <summary>A finding a cluster that is declared; one that says so when there is none.</summary>
    public static IReadOnlyList<Finding> Examine(TrainerHome home)
    {
        string any = Path.GetDirectoryName(home.Cluster("any"))!;
        Finding[] found =
        [
            .. (Directory.Exists(any) ? Directory.GetDirectories(any) : [])
                .Select(folder => Path.GetFileName(folder))
                .Where(ClusterFolder.IsName)
                .Order(StringComparer.Ordinal)
                .Select(name => new ClusterFolder(home, name))
                .Where(folder => folder.ReadCluster() is not null)
                .Select(Examine),
        ];
        return found.Length > 0 ? found : [new Finding(Name, FindingState.Ok, "none is running")];
    }

    private static Finding Examine(ClusterFolder folder)
    {
        IReadOnlyList<SiloStateFile> silos = folder.ReadSilos();
        int living = silos.Count(silo => silo.IsAlive);
        int dead = silos.Count(silo => silo.State == SiloStates.Dead);
        int jobs = folder.ReadUnfinishedJobs().Count;
        string named = $"--cluster {folder.Name}";
        string? advice = living == 0 ? $"'trainer down {named}' clears up"
            : dead > 0 ? $"'trainer scale {living + dead} {named}' replaces dead silos"
            : null;
        string text = $"'{folder.Name}': {ClusterLifecycle.Count(living)} living, {dead} dead, "
            + $"{Reporting.Figures.Count(jobs, "unfinished job")}";
        return new Finding(Name, advice is null ? FindingState.Ok : FindingState.Warn, text, advice)
        {
            Facts =
            [
                ("cluster", JsonValue.Create(folder.Name)!), ("silos", JsonValue.Create(living)),
                ("dead", JsonValue.Create(dead)), ("jobs", JsonValue.Create(jobs)),
            ],
        };
    }
}
