using System.Text;

using Trainer.Checkpoints;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Grains;

namespace Trainer.Runs;

/// <summary>
/// The folder of one run (decision 0001): a line an epoch as it ends, model and summary whole. Only the incarnation
/// that holds the claim writes.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="claim">The right to write there.</param>
internal sealed class RunFolder(string folder, CheckpointClaim claim)
{
    // Lines that a full disk did not take yet, and the bytes of the file that are whole lines.
    private string _pending = "";
    private long _whole;

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
                _whole = Encoding.UTF8.GetByteCount(text.AsSpan(0, end));
                return false;
            }

            end = next + 1;
        }

        if (end < text.Length)
        {
            AtomicFile.WriteAllText(Metrics, text[..end]);
        }

        _whole = Encoding.UTF8.GetByteCount(text.AsSpan(0, end));
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

    /// <summary>
    /// Appends an epoch to <c>metrics.jsonl</c>; a line that the disk does not take comes with the next one.
    /// </summary>
    /// <returns>Why lines cannot be written, when that is news; else null.</returns>
    /// <exception cref="StaleIncarnationException">Another incarnation has the folder.</exception>
    public async Task<string?> AppendAsync(EpochReport report)
    {
        RequireClaim();
        bool isNew = _pending.Length == 0;
        _pending += MetricsLine.Of(report) + "\n";
        Lines++;
        try
        {
            await Task.Run(WritePending);
            return null;
        }
        catch (IOException failure)
        {
            return isNew ? failure.Message.ReplaceLineEndings(" ").TrimEnd('.') : null;
        }
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
        WritePending();
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

    // A part of a line that a full disk took is written over.
    private void WritePending()
    {
        if (_pending.Length == 0)
        {
            return;
        }

        byte[] lines = Encoding.UTF8.GetBytes(_pending);
        using (var file = new FileStream(Metrics, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read))
        {
            file.SetLength(_whole);
            file.Position = _whole;
            file.Write(lines);
        }

        _whole += lines.Length;
        _pending = "";
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
