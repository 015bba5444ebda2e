using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>
/// Collects the rows of one part that were asked for, in the order asked for, while a file passes by once.
/// </summary>
internal sealed class RowBuffer
{
    private readonly int[] _wanted;
    private readonly int[] _positions;
    private readonly RowBlock _rows;
    private int _next;

    /// <summary>A buffer for these rows.</summary>
    /// <param name="source">Name of the source, for messages.</param>
    /// <param name="pipeline">Gives widths.</param>
    /// <param name="indices">Indices within the part, any order; null: all.</param>
    /// <param name="rows">Rows of the part.</param>
    /// <param name="weighted">Whether the rows have weights.</param>
    /// <param name="bytes">How bytes become inputs, where the rows are kept as bytes; null: as floats.</param>
    public RowBuffer(
        string source, FittedPipeline pipeline, int[]? indices, int rows, bool weighted, ByteScaling? bytes)
    {
        indices ??= [.. Enumerable.Range(0, rows)];
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)rows)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), $"Row {index} was asked for, of a part with {rows} rows.");
            }
        }

        RequireRoom(source, indices.Length, Math.Max(pipeline.Inputs, pipeline.TargetWidth));
        _wanted = [.. indices];
        _positions = [.. Enumerable.Range(0, _wanted.Length)];
        Array.Sort(_wanted, _positions);
        _rows = new RowBlock(
            _wanted.Length,
            bytes is null
                ? new FloatRows(new float[_wanted.Length * pipeline.Inputs], pipeline.Inputs)
                : new ByteRows(_wanted.Length, bytes),
            pipeline.TargetWidth,
            new float[_wanted.Length * pipeline.TargetWidth],
            new float[weighted ? _wanted.Length : 0]);
    }

    /// <summary>Takes the row that a parser has in hand, if it was asked for.</summary>
    /// <param name="index">Its index within the part; grows from call to call.</param>
    /// <param name="parser">The parser.</param>
    /// <param name="pipeline">The preprocessing.</param>
    public void Offer(int index, RowParser parser, FittedPipeline pipeline)
    {
        for (; _next < _wanted.Length && _wanted[_next] == index; _next++)
        {
            int position = _positions[_next];
            _rows.Features.Read(position, parser, pipeline);
            parser.Targets(_rows.Targets.AsSpan(position * _rows.TargetWidth, _rows.TargetWidth));
            if (_rows.Weights.Length > 0)
            {
                _rows.Weights[position] = parser.Weight();
            }
        }
    }

    /// <summary>The rows.</summary>
    public RowSet Finish() => new(_rows);

    /// <summary>Checks that rows fit into one array.</summary>
    /// <exception cref="DataException">They do not.</exception>
    public static void RequireRoom(string source, int rows, int width)
    {
        if ((long)rows * width > Array.MaxLength)
        {
            throw new DataException(
                $"Data '{source}' has {rows} rows of {width} numbers in one piece; at most {Array.MaxLength} numbers " +
                "fit; use more workers or fewer rows.");
        }
    }
}
