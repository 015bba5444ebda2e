using System.Buffers;

namespace Trainer.Inference;

/// <summary>Writes rows as CSV (RFC 4180, lines end with LF); a field is quoted where it has to be.</summary>
/// <param name="output">Where the rows go.</param>
/// <param name="separator">Between two fields.</param>
internal sealed class CsvWriter(TextWriter output, char separator)
{
    private readonly SearchValues<char> _special = SearchValues.Create([separator, '"', '\r', '\n']);

    /// <summary>Writes a row.</summary>
    public void Write(IEnumerable<string> fields)
    {
        bool first = true;
        foreach (string field in fields)
        {
            if (!first)
            {
                output.Write(separator);
            }

            first = false;
            WriteField(field);
        }

        output.Write('\n');
    }

    // Blanks at the ends are quoted too: many readers trim them.
    private void WriteField(string field)
    {
        bool quoted = field.AsSpan().ContainsAny(_special)
            || (field.Length > 0 && (char.IsWhiteSpace(field[0]) || char.IsWhiteSpace(field[^1])));
        if (quoted)
        {
            output.Write('"');
            output.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
            output.Write('"');
        }
        else
        {
            output.Write(field);
        }
    }
}
