using Trainer.Checkpoints;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>
/// The folder of one run (decision 0001): a line an epoch as it ends, model and summary whole. Only the incarnation that
/// holds the claim writes.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="claim">The right to write there.</param>
internal sealed class RunFolder(string folder, CheckpointClaim claim)
{
    private string Metrics => Path.Combine(folder, "metrics.jsonl");

    private string Summary => Path.Combine(folder, "summary.json");

    /// <summary>Lines of <c>metrics.jsonl</c>.</summary>
    public int Lines { get; private set; }

    /// <summary>Goes back to a checkpoint: what came after it will come again.</summary>
    /// <param name="lines">Lines of <c>metrics.jsonl</c> that stay.</param>
    /// <returns>False: there are fewer.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public bool CutBack(int lines)
    {
        claim.Require();
        File.Delete(Summary);
        Lines = lines;
        string text = File.Exists(Metrics) ? File.ReadAllText(Metrics) : "";
        int end = 0;
        for (int line = 0; line < lines; line++)
        {
            int next = text.IndexOf('\n', end);
            if (next < 0)
            {
                return false;
            }

            end = next + 1;
        }

        if (end < text.Length)
        {
            AtomicFile.WriteAllText(Metrics, text[..end]);
        }

        return true;
    }

    /// <summary>The epochs of <c>metrics.jsonl</c>.</summary>
    /// <param name="folds">Folds of the job; 0 without a cross-validation.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<EpochReport> Read(int folds) => File.Exists(Metrics)
        ?
        [
            .. File.ReadLines(Metrics)
                .Select((line, index) => MetricsLine.TryParse(line, index + 1, folds))
                .OfType<EpochReport>(),
        ]
        : [];

    /// <summary>Appends an epoch to <c>metrics.jsonl</c>.</summary>
    /// <exception cref="StaleIncarnationException">Another incarnation has the folder.</exception>
    public async Task AppendAsync(EpochReport report)
    {
        RequireClaim();
        await File.AppendAllTextAsync(Metrics, MetricsLine.Of(report) + "\n");
        Lines++;
    }

    /// <summary>Writes <c>model.safetensors</c>.</summary>
    /// <exception cref="StaleIncarnationException">Another incarnation has the folder.</exception>
    public Task SaveAsync(ModelFile model) => Task.Run(() =>
    {
        RequireClaim();
        model.Save(Path.Combine(folder, "model.safetensors"));
    });

    /// <summary>Writes <c>summary.json</c>.</summary>
    /// <exception cref="StaleIncarnationException">Another incarnation has the folder.</exception>
    public Task WriteSummaryAsync(string summary) => Task.Run(() =>
    {
        RequireClaim();
        AtomicFile.WriteAllText(Summary, summary);
    });

    /// <summary>Whether another incarnation has the folder.</summary>
    public bool IsLost()
    {
        try
        {
            RequireClaim();
            return false;
        }
        catch (StaleIncarnationException)
        {
            return true;
        }
    }

    private void RequireClaim()
    {
        try
        {
            claim.Require();
        }
        catch (ClaimLostException lost)
        {
            throw new StaleIncarnationException($"The job has stopped here: {lost.Message}");
        }
        catch (IOException)
        {
            // The folder of the checkpoints was removed: nobody else has claimed it.
        }
    }
}
