using System.Buffers;
using System.Text;

namespace Trainer.Inference;

/// <summary>Writes rows as CSV (RFC 4180, lines end with LF); a field is quoted where it has to be.</summary>
/// <remarks>Rows go out many at once: the console flushes at every call. <see cref="Flush"/> writes the last.</remarks>
/// <param name="output">Where the rows go.</param>
/// <param name="separator">Between two fields.</param>
internal sealed class CsvWriter(TextWriter output, char separator)
{
    private const int BufferLength = 1 << 16;

    private readonly StringBuilder _buffer = new(BufferLength);
    private readonly SearchValues<char> _special = SearchValues.Create([separator, '"', '\r', '\n']);

    /// <summary>Writes a row.</summary>
    public void Write(IEnumerable<string> fields)
    {
        bool first = true;
        foreach (string field in fields)
        {
            if (!first)
            {
                _buffer.Append(separator);
            }

            first = false;
            WriteField(field);
        }

        _buffer.Append('\n');
        if (_buffer.Length >= BufferLength)
        {
            Flush();
        }
    }

    /// <summary>Writes what is held back.</summary>
    public void Flush()
    {
        output.Write(_buffer);
        _buffer.Clear();
    }

    // Blanks at the ends are quoted too: many readers trim them.
    private void WriteField(string field)
    {
        bool quoted = field.AsSpan().ContainsAny(_special)
            || (field.Length > 0 && (char.IsWhiteSpace(field[0]) || char.IsWhiteSpace(field[^1])));
        if (quoted)
        {
            _buffer.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            _buffer.Append(field);
        }
    }
}
