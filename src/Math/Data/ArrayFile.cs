namespace Trainer.Data;

/// <summary>The rows of an IDX or NPY file, one in memory at a time.</summary>
internal sealed class ArrayFile : IDisposable
{
    private readonly DataSource _source;
    private readonly SourceFile _file;
    private readonly byte[] _row;

    /// <summary>Opens a file and checks its size against its header before anything is allocated.</summary>
    /// <exception cref="DataException">The file is gone, changed, damaged or not an array.</exception>
    public ArrayFile(DataSource source)
    {
        _source = source;
        _file = SourceFile.Open(source);
        try
        {
            Header = ArrayHeader.Read(_file, source.Name);
            if (Header is { Kind: 'f', Size: < 4 })
            {
                throw new DataException(
                    $"Data file '{source.Name}' has numbers of 16 bits; save it as float32 or float64.");
            }

            long bytes = (long)Header.Columns * Header.Size;
            if (_file.PlainSize is { } size && size - _file.Position != bytes * Header.Rows)
            {
                throw new DataException(
                    $"Data file '{source.Name}' has {size - _file.Position} bytes of numbers, but its shape " +
                    $"({string.Join(", ", Header.Shape)}) needs {bytes * Header.Rows}; it is damaged or cut off.");
            }

            _row = new byte[bytes];
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Type and shape.</summary>
    public ArrayHeader Header { get; }

    /// <summary>Reads the next row.</summary>
    /// <exception cref="DataException">The file ends before its last row.</exception>
    public void Read(int row)
    {
        if (!ArrayHeader.TryFill(_file, _row))
        {
            throw new DataException(
                $"Data file '{_source.Name}' ends within row {row} of {Header.Rows}; it is damaged or cut off.");
        }
    }

    /// <summary>Checks that nothing stands after the last row, and that the file is the one registered.</summary>
    public void Finish()
    {
        if (_file.Read(new byte[1]) > 0)
        {
            throw new DataException(
                $"Data file '{_source.Name}' has more bytes than its {Header.Rows} rows; it is damaged.");
        }

        _file.ThrowIfChanged();
    }

    /// <summary>A number of the row in hand.</summary>
    public double this[int column] =>
        HasBytes ? _row[column] : Header.Element(_row.AsSpan(column * Header.Size));

    /// <summary>Whether its numbers are unsigned bytes.</summary>
    public bool HasBytes => Header is { Kind: 'u', Size: 1 };

    /// <summary>The row in hand as it stands in the file.</summary>
    public ReadOnlySpan<byte> Row => _row;

    /// <summary>Compares the file with its registration.</summary>
    public void ThrowIfChanged() => _file.ThrowIfChanged();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
