namespace Trainer.Kernels;

/// <summary>
/// The weight gradient of a panel of inputs by 32 outputs over short shards, at 512 bits: where two shards that follow
/// each other are siblings, their sums are added in registers (<see cref="SiblingTile{T, H}"/>).
/// </summary>
internal static unsafe class SiblingTiles
{
    // Two sets of 14 accumulators, two vectors of deltas, one broadcast: 31 of 32 registers.
    private const int MostHeight = 7;

    // Of longer shards the sums are too few to matter, and a higher tile reads the deltas less often.
    private const int MostShardRows = 32;

    // Inputs and deltas, 32 KB, that stay in the first-level cache for all tiles of a panel.
    private const int MostRows = 128;

    /// <summary>Whether this way is the faster.</summary>
    /// <param name="segments">The chains.</param>
    /// <param name="rows">Rows of all.</param>
    public static bool Pays(ReadOnlySpan<GradientSegment> segments, int rows) =>
        LaneWidth.Has512 && segments.Length > 1 && rows <= MostShardRows * segments.Length;

    /// <summary>Rows of the next tile, so that all that are left are as even as can be.</summary>
    /// <param name="rows">Rows left, at least 1.</param>
    public static int NextHeight(int rows)
    {
        int tiles = (rows + MostHeight - 1) / MostHeight;
        return (rows + tiles - 1) / tiles;
    }

    /// <summary>
    /// How many chains to run at once: those of some rows, then on until only the bottom of the stack is left.
    /// </summary>
    /// <param name="segments">The chains that are left, at least one.</param>
    public static int NextSegments(ReadOnlySpan<GradientSegment> segments)
    {
        int rows = 0;
        int count = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            rows += segments[i].RowCount;
            if (count > 0 && rows > MostRows)
            {
                return count;
            }

            count = segments[i].Depth == segments[i].Merges ? i + 1 : count;
        }

        return count == 0 ? segments.Length : count;
    }

    /// <summary>Runs all chains of one tile.</summary>
    /// <param name="x">Inputs of the tile's first row, [steps][32].</param>
    /// <param name="d">The panel of deltas, [steps][32].</param>
    /// <param name="segments">The chains in order.</param>
    /// <param name="memory">Stack and where the result goes; no bias.</param>
    /// <param name="height">Rows of the tile, from <see cref="NextHeight"/>.</param>
    public static void Run(
        float* x, float* d, ReadOnlySpan<GradientSegment> segments, in TileMemory memory, int height)
    {
        switch (height)
        {
            case 1:
                SiblingTile<Lanes512, Rows1>.Run(x, d, segments, memory);
                break;
            case 2:
                SiblingTile<Lanes512, Rows2>.Run(x, d, segments, memory);
                break;
            case 3:
                SiblingTile<Lanes512, Rows3>.Run(x, d, segments, memory);
                break;
            case 4:
                SiblingTile<Lanes512, Rows4>.Run(x, d, segments, memory);
                break;
            case 5:
                SiblingTile<Lanes512, Rows5>.Run(x, d, segments, memory);
                break;
            case 6:
                SiblingTile<Lanes512, Rows6>.Run(x, d, segments, memory);
                break;
            default:
                SiblingTile<Lanes512, Rows7>.Run(x, d, segments, memory);
                break;
        }
    }
}
