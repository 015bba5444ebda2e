using System.Buffers;

namespace Trainer.Data;

/// <summary>Writes rows that <see cref="CsvReader"/> reads back unchanged.</summary>
public static class CsvFields
{
    // All separators that a reader might detect, not only the one in use.
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t\"\r\n\uFEFF");

    /// <summary>A field with quotes where it needs them (RFC 4180).</summary>
    /// <param name="field">The field, any text.</param>
    public static string Quote(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.AsSpan().ContainsAny(Special)
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
    }

    /// <summary>Writes a row and a line feed.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="fields">The fields, at least one.</param>
    /// <param name="separator">The separator.</param>
    public static void WriteRow(TextWriter writer, IReadOnlyList<string> fields, char separator = ',')
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfZero(fields.Count);
        if (fields.Count == 1 && fields[0].Length == 0)
        {
            // An empty line would be no row.
            writer.Write("\"\"");
        }

        for (int column = 0; column < fields.Count; column++)
        {
            if (column > 0)
            {
                writer.Write(separator);
            }

            writer.Write(Quote(fields[column]));
        }

        writer.Write('\n');
    }
}
