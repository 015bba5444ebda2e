using Trainer.Data;

namespace Trainer.Datasets;

/// <summary>Rows of one part that a silo holds, in one piece of memory.</summary>
/// <param name="rows">Their numbers within the part, ascending.</param>
/// <param name="set">The rows in this order.</param>
internal sealed class HeldRows(int[] rows, RowSet set)
{
    // Numbers without a gap need no list of them.
    private readonly int[]? _rows = IsRange(rows) ? null : rows;
    private readonly int _first = rows.Length == 0 ? 0 : rows[0];

    /// <summary>The rows.</summary>
    public RowSet Set { get; } = set;

    /// <summary>Leases that use them.</summary>
    public int Leases { get; set; }

    /// <summary>Where a row of the part stands; negative: it is not held here.</summary>
    /// <param name="row">Its number within the part.</param>
    public int Find(int row) => _rows is not null ? Array.BinarySearch(_rows, row)
        : (uint)(row - _first) < (uint)Set.Count ? row - _first
        : -1;

    private static bool IsRange(int[] rows) => rows.Length == 0 || rows[^1] - rows[0] == rows.Length - 1;
}
