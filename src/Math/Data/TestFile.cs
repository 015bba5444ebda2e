using Trainer.Preprocessing;

namespace Trainer.Data;

/// <summary>A test part that is a source of its own: all its rows with a target, in their order.</summary>
internal static class TestFile
{
    /// <summary>Reads all rows once, so that a malformed one is found before the job starts.</summary>
    /// <returns>Its rows.</returns>
    public static int Check(
        DataRequest request, FittedPipeline pipeline, List<string> warnings, CancellationToken cancellationToken)
    {
        float[] features = new float[pipeline.Inputs];
        float[] targets = new float[pipeline.TargetWidth];
        int rows = 0;
        using RowReader reader = Open(request);
        (ColumnSelection columns, RowParser parser) = Parser(reader, pipeline);
        while (Next(reader, parser, cancellationToken))
        {
            parser.Features(pipeline, features);
            parser.Targets(targets);
            rows++;
        }

        if (rows == 0)
        {
            throw reader.Row == 0 ? reader.NoRows() : TargetScan.NoTargets(reader, columns);
        }

        if (reader.Row > rows)
        {
            warnings.Add(TargetScan.LeftOut(reader, columns, reader.Row - rows));
        }

        if (parser.Warning is { } warning)
        {
            warnings.Add(warning);
        }

        return rows;
    }

    /// <summary>Reads rows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="pipeline">The preprocessing.</param>
    /// <param name="create">Makes the buffer of the wanted rows, as bytes by a scaling or as floats.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    public static RowSet Load(
        DataRequest request,
        FittedPipeline pipeline,
        Func<ByteScaling?, RowBuffer> create,
        CancellationToken cancellationToken)
    {
        using RowReader reader = Open(request);
        (ColumnSelection columns, RowParser parser) = Parser(reader, pipeline);
        RowBuffer buffer = create(reader.AreBytes(columns.Features) ? pipeline.OfBytes : null);
        for (int index = 0; Next(reader, parser, cancellationToken); index++)
        {
            buffer.Offer(index, parser, pipeline);
        }

        return buffer.Finish();
    }

    private static RowReader Open(DataRequest request) => RowSource.Open(request.TestSource!, request.Columns, []);

    private static (ColumnSelection Columns, RowParser Parser) Parser(RowReader reader, FittedPipeline pipeline)
    {
        ColumnSelection columns =
            ColumnSelection.ByName(reader, pipeline.FeatureColumns, pipeline.TargetColumns);
        return (columns, new RowParser(reader, columns, pipeline.Labels));
    }

    private static bool Next(RowReader reader, RowParser parser, CancellationToken cancellationToken)
    {
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (parser.HasTargets())
            {
                return true;
            }
        }

        return false;
    }
}
