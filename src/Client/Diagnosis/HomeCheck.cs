using System.Text.Json.Nodes;

using Trainer.Clusters;

namespace Trainer.Diagnosis;

/// <summary>Whether the home folder can be written, and how much space it has.</summary>
internal static class HomeCheck
{
    private const string Name = "home";

    /// <summary>Examines it by writing a file.</summary>
    /// <param name="home">The home.</param>
    /// <param name="littleSpace">Fewer free bytes are a warning.</param>
    public static Finding Examine(TrainerHome home, long littleSpace)
    {
        if (home.DefectOf(home.Root) is { } reason)
        {
            return new Finding(
                Name,
                FindingState.Broken,
                $"'{home.Root}' cannot be written: {reason}",
                "set TRAINER_HOME to a folder that you may write");
        }

        long free = new DriveInfo(home.Root).AvailableFreeSpace;
        return new Finding(
            Name,
            free >= littleSpace ? FindingState.Ok : FindingState.Warn,
            $"{home.Root}, writable, {Bytes.Text(free)} free",
            free >= littleSpace ? null : "make room, or set TRAINER_HOME to a folder with more")
        {
            Facts = [("folder", JsonValue.Create(home.Root)!), ("free_bytes", JsonValue.Create(free))],
        };
    }
}
