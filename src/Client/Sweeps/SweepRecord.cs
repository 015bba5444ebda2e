using System.Text.Json;

using Trainer.Clusters;
using Trainer.Commands;
using Trainer.Formats;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>The content of <c>sweep.json</c>: enough to go on with a sweep, from any folder.</summary>
/// <param name="Id">Sweep id.</param>
/// <param name="Text">The sweep file with what overrides it; paths of data are absolute.</param>
/// <param name="DataSha256">SHA-256 of the data.</param>
internal sealed record SweepRecord(string Id, SweepText Text, string DataSha256)
{
    private static readonly JsonSerializerOptions Indented = new(JobStateFile.Json) { WriteIndented = true };

    /// <summary>Reads the record of a sweep.</summary>
    /// <exception cref="CommandException">It cannot be read (exit code 2).</exception>
    public static SweepRecord Read(SweepReference sweep)
    {
        string reason;
        try
        {
            if (JsonSerializer.Deserialize<SweepRecord>(File.ReadAllText(sweep.RecordPath), Indented) is
                { Text: { Content: not null, Name: not null, Environment: not null, Overrides.IsDefault: false } } read)
            {
                return read;
            }

            reason = "it is not what 'trainer sweep' writes";
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            reason = error.Message.ReplaceLineEndings(" ");
        }

        throw new CommandException($"sweep '{sweep.Id}' cannot be read from '{sweep.RecordPath}': {reason}.");
    }

    /// <summary>Writes the record, whole.</summary>
    public void Write(SweepReference sweep) =>
        AtomicFile.WriteAllText(sweep.RecordPath, JsonSerializer.Serialize(this, Indented) + "\n");
}
