using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>Opens sources by what they are.</summary>
internal static class RowSource
{
    /// <summary>Opens the rows of a request.</summary>
    public static RowReader Open(DataRequest request) => Open(request.Source, request.Columns, []);

    /// <summary>Opens a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="columns">Names of the columns of a CSV file without a header; empty: it has one.</param>
    /// <param name="optional">Those of them that may all be left out.</param>
    public static RowReader Open(
        DataSource source, ImmutableArray<string> columns, ImmutableArray<string> optional) =>
        source.Path is null && GeneratorSource.TryParse(source.Name, out GeneratorSource? generator)
            ? new GeneratedReader(source, generator)
            : FormatOf(source) != "csv" ? new ArrayReader(source)
            : CsvReader.Open(source, columns, optional);

    /// <summary>The format of a source, by the first bytes of its file.</summary>
    public static string FormatOf(DataSource source)
    {
        if (source.Path is null)
        {
            return "csv";
        }

        using var file = SourceFile.Open(source);
        byte[] head = new byte[4];
        return !ArrayHeader.TryFill(file, head) || !ArrayHeader.IsArray(head) ? "csv"
            : head[0] == 0 ? "idx"
            : "npy";
    }
}
