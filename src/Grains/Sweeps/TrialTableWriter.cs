using System.Text;

using Trainer.Grains;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>
/// Appends ended trials to <c>trials.jsonl</c>: each at once, so that no kill of a process loses one; on disk within
/// 50 ms, so that a power cut loses no more than those.
/// </summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class TrialTableWriter : IAsyncDisposable
{
    private static readonly TimeSpan Group = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private Task _flushing = Task.CompletedTask;
    private volatile bool _isDirty;

    /// <summary>Opens the table; a torn last line is cut off.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="time">The clock.</param>
    public TrialTableWriter(string folder, TimeProvider time)
    {
        _time = time;
        _file = new FileStream(
            Path.Combine(folder, TrialTable.FileName),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.Read,
            bufferSize: 0);
        _file.SetLength(EndOfLastLine());
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Appends a trial.</summary>
    public void Append(TrialRow row)
    {
        _file.Write(Encoding.UTF8.GetBytes(TrialTable.ToLine(row) + "\n"));
        _isDirty = true;
        if (_flushing.IsCompleted)
        {
            _flushing = FlushAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _flushing;
        await Task.Run(() => RandomAccess.FlushToDisk(_file.SafeFileHandle));
        await _file.DisposeAsync();
    }

    private async Task FlushAsync()
    {
        // What comes while the disk works is in the next group.
        while (_isDirty)
        {
            await Task.Delay(Group, _time);
            _isDirty = false;
            await Task.Run(() => RandomAccess.FlushToDisk(_file.SafeFileHandle));
        }
    }

    private long EndOfLastLine()
    {
        for (long end = _file.Length; end > 0; end--)
        {
            _file.Seek(end - 1, SeekOrigin.Begin);
            if (_file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }
}
