namespace Trainer.Data;

/// <summary>How far the reading of a source has come; any thread may look while another one reads.</summary>
public sealed class ReadProgress
{
    private volatile Pass? _pass;

    /// <summary>The pass over the source, from 1; 0 before the first row is read.</summary>
    public int Number => _pass?.Number ?? 0;

    /// <summary>Rows read in this pass, about: it is counted while it is looked at.</summary>
    public int Rows => _pass?.Reader.Row ?? 0;

    /// <summary>Rows that the pass will read; 0: not known yet.</summary>
    public int Total => _pass?.Total ?? 0;

    /// <summary>A pass begins.</summary>
    internal void Begin(RowReader reader, int total) => _pass = new Pass(reader, Number + 1, total);

    private sealed record Pass(RowReader Reader, int Number, int Total);
}
