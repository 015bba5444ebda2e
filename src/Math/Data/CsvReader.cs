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
public sealed class CsvReader : RowReader
{
    // So that the names of a line of separators cost no more memory than a table.
    private const int MostColumns = 1 << 18;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SourceFile _file;
    private readonly CsvTokenizer _tokens;
    private bool _firstRowIsRead;

    private CsvReader(DataSource source, ImmutableArray<string> columns, ImmutableArray<string> optional)
        : base(source)
    {
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
            RequireNoHeader();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool HasHeader { get; }

    /// <summary>The line of the file, from 1, on which the row starts.</summary>
    public long Line => _tokens.Line;

    /// <inheritdoc/>
    public override char Separator => (char)_tokens.Separator;

    /// <inheritdoc/>
    internal override ImmutableArray<string> OwnTargets => Set?.Targets ?? [];

    /// <inheritdoc/>
    internal override ImmutableArray<string> NotFeatures => Set?.NotFeatures ?? [];

    private EmbeddedSet? Set => Source.Path is null ? EmbeddedSet.Find(Source.Name) : null;

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

    /// <inheritdoc/>
    public override bool Read()
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

    /// <inheritdoc/>
    public override string Text(int column)
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

    /// <inheritdoc/>
    internal override CellKind Number(int column, out double value) => CsvNumber.Parse(_tokens[column], out value);

    /// <inheritdoc/>
    internal override string Show(int column) => DataText.Show(_tokens[column]);

    /// <inheritdoc/>
    internal override string Place(int column)
    {
        string row = HasHeader && Row == 0 ? "header" : $"row {Math.Max(Row, 1)}";
        return $"{row} (line {Line}), column {ColumnName(column)}";
    }

    /// <inheritdoc/>
    private protected override void ThrowIfChanged() => _file.ThrowIfChanged();

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing) => _file.Dispose();

    private ImmutableArray<string> Header()
    {
        if (_tokens.Count > MostColumns)
        {
            throw Error(
                0, $"the row has {_tokens.Count} columns; at most {MostColumns} are allowed; give a CSV file.");
        }

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

    // A first row that repeats data.columns is a header after all.
    private void RequireNoHeader()
    {
        if (!HasHeader && _tokens.Count == Columns.Length
            && Enumerable.Range(0, Columns.Length).All(column => Label(column) == Columns[column]))
        {
            throw Error(0, "the row has the names of data.columns; if the file has a header, leave data.columns out.");
        }
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
