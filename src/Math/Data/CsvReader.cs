using System.Collections.Immutable;
using System.Text;

namespace Trainer.Data;

/// <summary>Reads the rows of a CSV file as they stand there, in order, one in memory at a time.</summary>
/// <remarks>
/// Takes UTF-8 with or without a byte order mark, plain or gzip; separator , ; or tab (the most frequent one in the
/// first line); quotes as in RFC 4180; any line end. Lines without any character are skipped. When the last row was
/// read, the file is compared with the size and the SHA-256 of its registration. Not safe for several threads.
/// </remarks>
/// <example><code>
/// using CsvReader reader = CsvReader.Open(Catalogue.Register("heart.csv"));
/// while (reader.Read())
/// {
///     string[] fields = reader.Fields();
/// }
/// </code></example>
public sealed class CsvReader : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SourceFile _file;
    private readonly CsvTokenizer _tokens;
    private bool _firstRowIsRead;

    private CsvReader(DataSource source, ImmutableArray<string> columns, ImmutableArray<string> optional)
    {
        Source = source;
        _file = SourceFile.Open(source);
        _tokens = new CsvTokenizer(_file, Error);
        try
        {
            HasHeader = columns.IsEmpty;
            if (!_tokens.Read())
            {
                _file.ThrowIfChanged();
                throw new DataException($"Data file '{source.Name}' has no rows; give a file with a header and rows.");
            }

            _firstRowIsRead = !HasHeader;
            Columns = HasHeader ? Header()
                : _tokens.Count == columns.Length - optional.Length ? columns.RemoveRange(optional)
                : columns;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Where the rows come from.</summary>
    public DataSource Source { get; }

    /// <summary>Names of the columns; one without a name in the header is <c>column_N</c>, N from 1.</summary>
    public ImmutableArray<string> Columns { get; } = [];

    /// <summary>Whether the names of the columns stand in the file.</summary>
    public bool HasHeader { get; }

    /// <summary>The data row in hand, from 1; 0 before the first.</summary>
    public int Row { get; private set; }

    /// <summary>The line of the file, from 1, on which the row starts.</summary>
    public long Line => _tokens.Line;

    /// <summary>The separator of the file.</summary>
    public char Separator => (char)_tokens.Separator;

    /// <summary>Opens a file with a header, or a set of the catalogue.</summary>
    /// <exception cref="DataException">
    /// The file is gone or changed, has no rows, or its header is malformed.
    /// </exception>
    public static CsvReader Open(DataSource source) => Open(source, []);

    /// <summary>Opens a file, or a set of the catalogue.</summary>
    /// <param name="source">The source.</param>
    /// <param name="columns">
    /// Names of the columns of a file without a header; empty: it has one. Not for sets of the catalogue.
    /// </param>
    /// <exception cref="DataException">
    /// The file is gone or changed, has no rows, or its header is malformed.
    /// </exception>
    public static CsvReader Open(DataSource source, ImmutableArray<string> columns) => Open(source, columns, []);

    /// <summary>
    /// The same; the <paramref name="optional"/> columns of a file without a header may all be left out.
    /// </summary>
    internal static CsvReader Open(DataSource source, ImmutableArray<string> columns, ImmutableArray<string> optional)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Path is null && EmbeddedSet.Find(source.Name) is { } set
            ? new CsvReader(source, set.Columns, [])
            : new CsvReader(source, columns.IsDefault ? [] : columns, optional);
    }

    /// <summary>Reads the next row.</summary>
    /// <returns>False after the last one.</returns>
    /// <exception cref="DataException">
    /// The row is malformed, or the file has changed. The message names file, row, column and reason.
    /// </exception>
    public bool Read()
    {
        if (!_firstRowIsRead)
        {
            if (Row == int.MaxValue)
            {
                throw new DataException($"Data file '{Source.Name}' has more than {int.MaxValue} rows; give fewer.");
            }

            Row++;
            if (!_tokens.Read())
            {
                Row--;
                _file.ThrowIfChanged();
                return false;
            }
        }
        else
        {
            Row++;
            _firstRowIsRead = false;
        }

        return _tokens.Count == Columns.Length ? true : throw Ragged();
    }

    /// <summary>The UTF-8 bytes of a field of the row, without its quotes; valid until the next row is read.</summary>
    /// <param name="column">Column, from 0.</param>
    public ReadOnlySpan<byte> Bytes(int column) => _tokens[column];

    /// <summary>A field of the row.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <exception cref="DataException">The field is not valid UTF-8.</exception>
    public string Text(int column)
    {
        try
        {
            return Utf8.GetString(_tokens[column]);
        }
        catch (DecoderFallbackException)
        {
            throw Error(column, $"'{DataText.Show(_tokens[column])}' is not valid UTF-8; save the file as UTF-8.");
        }
    }

    /// <summary>All fields of the row.</summary>
    /// <exception cref="DataException">A field is not valid UTF-8.</exception>
    public string[] Fields()
    {
        string[] fields = new string[_tokens.Count];
        for (int column = 0; column < fields.Length; column++)
        {
            fields[column] = Text(column);
        }

        return fields;
    }

    /// <summary>The index of a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="use">What it is for, in the message.</param>
    /// <exception cref="DataException">There is no such column. The message has the nearest name.</exception>
    public int IndexOf(string name, string use)
    {
        int index = Columns.IndexOf(name);
        return index >= 0 ? index : throw ErrorUnlessChanged(
            $"'{Source.Name}' has no column '{DataText.Show(name)}' for {use}{Hint(name)}; " +
            $"its columns are: {DataText.List(Columns)}.");
    }

    /// <summary>The error of a field of the row in hand: file, row, line, column, reason.</summary>
    /// <param name="column">Column, from 0.</param>
    /// <param name="reason">The value, what is wrong with it, what to do.</param>
    /// <remarks>When the file has changed since it was registered, the error says that instead.</remarks>
    public DataException Error(int column, string reason) =>
        ErrorUnlessChanged($"'{Source.Name}' {Place(column)}: {reason}");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>An error of content, or that the file has changed, which explains it.</summary>
    internal DataException ErrorUnlessChanged(string message)
    {
        try
        {
            _file.ThrowIfChanged();
        }
        catch (DataException changed)
        {
            return changed;
        }

        return new DataException(message);
    }

    /// <summary>The error of a file without a single row.</summary>
    internal DataException NoRows() =>
        new($"Data file '{Source.Name}' has a header but no rows; give a file with a header and rows.");

    /// <summary>Row, line and column in words.</summary>
    internal string Place(int column)
    {
        string name = column < Columns.Length ? $"'{DataText.Show(Columns[column])}'" : $"{column + 1}";
        string row = HasHeader && Row == 0 ? "header" : $"row {Math.Max(Row, 1)}";
        return $"{row} (line {Line}), column {name}";
    }

    private string Hint(string name) =>
        NearestName.Of(name, Columns) is { } near ? $" (did you mean '{DataText.Show(near)}'?)" : "";

    private ImmutableArray<string> Header()
    {
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>(_tokens.Count);
        Dictionary<string, int> seen = [];
        for (int column = 0; column < _tokens.Count; column++)
        {
            string name = Text(column).Trim();
            name = name.Length > 0 ? name : $"column_{column + 1}";
            if (!seen.TryAdd(name, column))
            {
                throw Error(
                    column,
                    $"the name '{DataText.Show(name)}' is already that of column {seen[name] + 1}; rename one, " +
                    "or name the columns in data.columns if the file has no header.");
            }

            names.Add(name);
        }

        return names.MoveToImmutable();
    }

    private DataException Ragged()
    {
        int fields = _tokens.Count;
        string names = HasHeader ? "the header" : "data.columns";
        string count = $"the row has {fields} {(fields == 1 ? "field" : "fields")} but {names} has {Columns.Length}";
        return fields < Columns.Length
            ? Error(fields, $"{count}; this value is missing; add it or remove the row.")
            : Error(Columns.Length, $"{count}; remove the value, or quote fields that hold separators.");
    }
}
