using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Commands;
using Trainer.Errors;
using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>A sweep as its folder tells: the file and the trials that have ended.</summary>
/// <param name="Reference">The sweep.</param>
/// <param name="File">The sweep file.</param>
/// <param name="Table">Its trials.</param>
/// <param name="Status">How it ended; null: it has not.</param>
internal sealed record SweepFolder(SweepReference Reference, SweepFile File, SweepTable Table, string? Status)
{
    /// <summary>Reads a folder.</summary>
    /// <exception cref="CommandException">It holds no sweep (exit code 2).</exception>
    /// <exception cref="ConfigurationException">Its file or its table is damaged.</exception>
    public static SweepFolder Read(SweepReference sweep)
    {
        var file = SweepFile.Parse(SweepRecord.Read(sweep).Text);
        var table = new SweepTable(file.Goal, TrialTable.Read(sweep.Folder).Values);
        return new SweepFolder(sweep, file, table, (string?)Summary(sweep)?["status"]);
    }

    /// <summary>The trial of a number.</summary>
    /// <exception cref="CommandException">There is none (exit code 2).</exception>
    public TrialRow Require(int number) => Table.Find(number) ?? throw new CommandException(
        $"sweep '{Reference.Id}' has no ended trial {number}; 'trainer sweep trials {Reference.Id}' lists them.");

    /// <summary>The best trial.</summary>
    /// <exception cref="CommandException">None has completed (exit code 1).</exception>
    public TrialRow RequireBest() => Table.Best ?? throw new CommandException(
        $"no trial of sweep '{Reference.Id}' has completed; 'trainer sweep trials {Reference.Id}' lists them.",
        ExitCode.Failed);

    /// <summary>The trials as samplers know them; those that an edit of the space left outside are left out.</summary>
    public IReadOnlyList<Trial> Trials() =>
    [
        .. Table.Trials
            .Select(row => (Row: row, Point: TrialTable.PointOf(row, File.Space)))
            .Where(trial => trial.Point is not null)
            .Select(trial => new Trial(
                trial.Row.Number, trial.Point!, trial.Row.State, trial.Row.Value, trial.Row.Curve)),
    ];

    /// <summary>The content of a sweep's summary; null: it has none.</summary>
    public static JsonObject? Summary(SweepReference sweep)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(sweep.SummaryPath)) as JsonObject;
        }
        catch (Exception absent) when (absent is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
