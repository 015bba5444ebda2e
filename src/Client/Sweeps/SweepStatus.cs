using System.Text.Json;

using Trainer.Clusters;
using Trainer.Errors;
using Trainer.Grains;

namespace Trainer.Sweeps;

/// <summary>A sweep as its files tell.</summary>
/// <param name="Entry">Its entry in the index.</param>
/// <param name="State">State of the sweep, or <see cref="Lost"/>, or <see cref="Missing"/>.</param>
/// <param name="Ended">Trials that have ended; null when unknown.</param>
/// <param name="Trials">Trials in all; null when unknown.</param>
/// <param name="Best">The best trial; null: none.</param>
internal sealed record SweepStatus(RunEntry Entry, string State, int? Ended, int? Trials, SweepBest? Best)
{
    /// <summary>The silo that led it, or its client, ended before the sweep did.</summary>
    public const string Lost = JobStateFile.Lost;

    /// <summary>Its folder is gone.</summary>
    public const string Missing = "missing";

    // From the claim of an id to the first state file: silos start, rows are loaded.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>Whether a grain has it: it can be watched, paused, cancelled.</summary>
    public bool IsUnfinished => State is "starting" or "running" or "paused";

    /// <summary>Finds out what became of a sweep, from files alone.</summary>
    /// <param name="entry">The sweep.</param>
    /// <param name="home">This user's home.</param>
    /// <param name="now">The time.</param>
    public static SweepStatus Of(RunEntry entry, TrainerHome home, DateTimeOffset now)
    {
        if (!Directory.Exists(entry.Folder))
        {
            return new SweepStatus(entry, Missing, Ended: null, Trials: null, Best: null);
        }

        if (entry.Cluster is { } cluster
            && SweepStateFile.TryRead(Path.Combine(home.ClusterSweeps(cluster), $"{entry.Id}.json")) is { } live)
        {
            return new SweepStatus(entry, live.State, live.Ended, live.Trials, live.Best);
        }

        // Its cluster's files are gone: the folder tells how far it came.
        string state = now - entry.Started < LongestStart ? NameOf(SweepState.Starting) : Lost;
        return FromFolder(entry, state);
    }

    /// <summary>snake_case name of a state.</summary>
    public static string NameOf(SweepState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static SweepStatus FromFolder(RunEntry entry, string state)
    {
        try
        {
            SweepFolder folder = SweepFolder.Read(SweepReference.Of(entry));
            TrialRow? best = folder.Table.Best;
            return new SweepStatus(
                entry,
                folder.Status ?? state,
                folder.Table.Ended,
                folder.File.Sweep.Trials,
                best is null ? null : new SweepBest(best.Number, best.Value));
        }
        catch (Exception damaged) when (damaged is Commands.CommandException or ConfigurationException)
        {
            return new SweepStatus(entry, state, Ended: null, Trials: null, Best: null);
        }
    }
}
