namespace Trainer.Data;

/// <summary>Cuts UTF-8 bytes into records of fields (RFC 4180; any line end; separator , ; or tab).</summary>
/// <remarks>
/// Only one record is in memory. Quotes, separators and line ends are ASCII, and no byte of a longer UTF-8 character
/// is, so bytes can be cut before they are decoded. A quote inside a field that does not start with one is a character
/// like any other. Lines without any character are skipped.
/// </remarks>
/// <param name="file">The bytes.</param>
/// <param name="fail">Makes the error of a column (from 0) in the record in hand.</param>
internal sealed class CsvTokenizer(SourceFile file, Func<int, string, DataException> fail)
{
    private const int BufferSize = 1 << 16;
    private const int LongestField = 1 << 20;
    private const int LongestRecord = 1 << 26;
    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _position;
    private int _filled;
    private bool _started;

    private byte[] _record = new byte[BufferSize];
    private int _length;
    private int[] _ends = new int[16];
    private long _nextLine = 1;

    /// <summary>The separator, decided by the first record.</summary>
    public byte Separator { get; private set; }

    /// <summary>Fields of the record.</summary>
    public int Count { get; private set; }

    /// <summary>The line, from 1, on which the record starts.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>A field, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int index] => _record.AsSpan(Start(index).._ends[index]);

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        if (!_started)
        {
            _started = true;
            Begin();
        }

        (Count, _length) = (0, 0);
        while (Peek() is LineFeed or CarriageReturn)
        {
            TakeLineEnd();
        }

        Line = _nextLine;
        if (Peek() < 0)
        {
            return false;
        }

        while (true)
        {
            ReadField();
            int next = Peek();
            if (next != Separator)
            {
                if (next >= 0)
                {
                    TakeLineEnd();
                }

                return true;
            }

            _position++;
        }
    }

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private void ReadField()
    {
        if (Peek() == Quote)
        {
            ReadQuoted();
        }
        else
        {
            ReadPlain();
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, 2 * Count);
        }

        _ends[Count++] = _length;
    }

    private void ReadPlain()
    {
        do
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_position, _filled - _position);
            int end = rest.IndexOfAny(Separator, LineFeed, CarriageReturn);
            Append(end < 0 ? rest : rest[..end]);
            if (end >= 0)
            {
                return;
            }
        }
        while (Fill());
    }

    private void ReadQuoted()
    {
        long opened = _nextLine;
        _position++;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_position, _filled - _position);
            int end = rest.IndexOf(Quote);
            ReadOnlySpan<byte> text = end < 0 ? rest : rest[..end];
            _nextLine += text.Count(LineFeed);
            Append(text);
            if (end < 0)
            {
                if (!Fill())
                {
                    throw fail(Count, $"the quote opened on line {opened} is never closed; add the closing quote.");
                }

                continue;
            }

            _position++;
            int next = Peek();
            if (next != Quote)
            {
                if (next >= 0 && next != Separator && next is not (LineFeed or CarriageReturn))
                {
                    throw fail(
                        Count,
                        $"'{DataText.Show([(byte)next])}' stands after the closing quote; " +
                        "double the quotes inside a quoted field.");
                }

                return;
            }

            Append([Quote]);
        }
    }

    // Appends bytes to the field in hand and steps over them in the buffer.
    private void Append(ReadOnlySpan<byte> bytes)
    {
        int length = _length + bytes.Length;
        if (length - (Count == 0 ? 0 : _ends[Count - 1]) > LongestField)
        {
            throw fail(
                Count, $"the field is longer than {LongestField} bytes; close its quote, or give a CSV file.");
        }

        if (length > LongestRecord)
        {
            throw fail(Count, $"the row is longer than {LongestRecord} bytes; give a CSV file with line ends.");
        }

        if (length > _record.Length)
        {
            Array.Resize(ref _record, Math.Max(length, 2 * _record.Length));
        }

        bytes.CopyTo(_record.AsSpan(_length));
        _length = length;
        _position += bytes.Length;
    }

    private void TakeLineEnd()
    {
        bool carriageReturn = _buffer[_position++] == CarriageReturn;
        if (carriageReturn && Peek() == LineFeed)
        {
            _position++;
        }

        _nextLine++;
    }

    private int Peek() => _position < _filled || Fill() ? _buffer[_position] : -1;

    private bool Fill()
    {
        _position = 0;
        _filled = file.Read(_buffer);
        return _filled > 0;
    }

    // Fills the buffer, steps over a byte order mark and picks the separator.
    private void Begin()
    {
        int read;
        while (_filled < _buffer.Length && (read = file.Read(_buffer.AsSpan(_filled))) > 0)
        {
            _filled += read;
        }

        ReadOnlySpan<byte> head = _buffer.AsSpan(0, _filled);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw fail(0, "the text is UTF-16; save the file as UTF-8.");
        }

        _position = head.StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        Separator = MostFrequentSeparator(head[_position..]);
    }

    // In the first record, outside quotes; of equals the first of , ; tab.
    private static byte MostFrequentSeparator(ReadOnlySpan<byte> head)
    {
        head = head.TrimStart("\r\n"u8);
        (int commas, int semicolons, int tabs) = (0, 0, 0);
        bool quoted = false;
        foreach (byte character in head)
        {
            if (!quoted && character is LineFeed or CarriageReturn)
            {
                break;
            }

            quoted ^= character == Quote;
            commas += !quoted && character == (byte)',' ? 1 : 0;
            semicolons += !quoted && character == (byte)';' ? 1 : 0;
            tabs += !quoted && character == (byte)'\t' ? 1 : 0;
        }

        int most = Math.Max(commas, Math.Max(semicolons, tabs));
        return commas == most ? (byte)',' : semicolons == most ? (byte)';' : (byte)'\t';
    }
}
