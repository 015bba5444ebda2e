using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Trainer.Data;

/// <summary>The bytes of a source, unpacked where they are gzip, and hashed as they pass.</summary>
internal sealed class SourceFile : IDisposable
{
    private const ushort GzipMagic = 0x1F8B;
    private const int BufferSize = 1 << 16;

    private readonly DataSource _source;
    private readonly Stream _content;
    private readonly HashingStream _raw;
    private readonly uint? _expectedSize;
    private uint _size;
    private long _position;
    private bool? _unchanged;

    private SourceFile(DataSource source, Stream raw)
    {
        _source = source;
        _expectedSize = GzipSize(raw);
        _raw = new HashingStream(raw);
        _content = _expectedSize is null ? _raw : new GZipStream(_raw, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Bytes of a file that is not packed; null: it is, so that they are known at the end only.</summary>
    public long? PlainSize => _expectedSize is null && _source.Path is not null ? _source.Size : null;

    /// <summary>Unpacked bytes that were read.</summary>
    public long Position => _position;

    /// <summary>Opens a source.</summary>
    /// <exception cref="DataException">
    /// It is gone, is not a regular file, cannot be read, or has another size.
    /// </exception>
    public static SourceFile Open(DataSource source)
    {
        Stream raw = source.Path is { } path
            ? OpenRegular(path, out _)
            : EmbeddedSet.Find(source.Name)?.Open() ?? throw new DataException(
                $"Data set '{source.Name}' is not in this version's catalogue: {string.Join(", ", Catalogue.Names)}.");
        try
        {
            return source.Path is null || raw.Length == source.Size
                ? new SourceFile(source, raw)
                : throw Changed(source, $"it has {raw.Length} bytes, not {source.Size}");
        }
        catch (Exception error)
        {
            raw.Dispose();
            if (error is IOException)
            {
                throw Unreadable(source.Name, error);
            }

            throw;
        }
    }

    /// <summary>Opens a regular file. Nothing else is even opened: opening a pipe would wait for its writer.</summary>
    public static FileStream OpenRegular(string path, out string absolute)
    {
        try
        {
            absolute = Path.GetFullPath(path);
            FileInfo file = new(absolute);
            if (file.LinkTarget is not null)
            {
                file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            }

            if (Directory.Exists(file.FullName))
            {
                throw new DataException($"Data file '{DataText.Show(path)}' is a directory; give the path of a file.");
            }

            if (!file.Exists)
            {
                throw new DataException($"Data file '{DataText.Show(path)}' does not exist; check the path.");
            }

            // Pipes, sockets and devices have no size; an empty regular file holds no data either.
            if (file.Length == 0)
            {
                throw new DataException(
                    $"Data file '{DataText.Show(path)}' is empty, or a pipe, socket or device; give a regular file " +
                    "with rows.");
            }

            var options = new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan };
            return new FileStream(absolute, options);
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>The error of a file that the system does not let us read.</summary>
    public static DataException Unreadable(string path, Exception error) => new(
        $"Data file '{DataText.Show(path)}' cannot be read ({DataText.Show(error.Message.TrimEnd('.'))}); check path " +
        "and permissions.",
        error);

    /// <summary>Reads unpacked bytes; 0 at the end.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int read = _content.Read(buffer);
            _size += (uint)read;
            _position += read;
            return read > 0 || _expectedSize is null || _expectedSize == _size ? read : throw new InvalidDataException(
                "its end is missing, or it is several gzip files in one");
        }
        catch (InvalidDataException error)
        {
            ThrowIfChanged();
            throw new DataException(
                $"Data file '{_source.Name}' is damaged gzip ({error.Message.TrimEnd('.')}); pack it again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_source.Name, error);
        }
    }

    /// <summary>Reads what is left and compares the hash; called at the end, and before any error of content.</summary>
    /// <exception cref="DataException">These are not the bytes that were registered.</exception>
    public void ThrowIfChanged()
    {
        _unchanged ??= _raw.Finish(_source.Path is null ? long.MaxValue : _source.Size) == _source.Sha256;
        if (_unchanged == false)
        {
            throw Changed(_source, "its SHA-256 differs");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _raw.Dispose();
    }

    // Null: this is not gzip. Else the unpacked size, modulo 2^32, that stands in the last four bytes (RFC 1952): the
    // library takes a file that was cut off for one that ends there.
    private static uint? GzipSize(Stream stream)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        int read = stream.ReadAtLeast(word, word.Length, throwOnEndOfStream: false);
        bool packed = read >= sizeof(ushort) && BinaryPrimitives.ReadUInt16BigEndian(word) == GzipMagic;
        if (packed)
        {
            stream.Seek(-Math.Min(stream.Length, word.Length), SeekOrigin.End);
            stream.ReadAtLeast(word, word.Length, throwOnEndOfStream: false);
        }

        stream.Position = 0;
        return packed ? BinaryPrimitives.ReadUInt32LittleEndian(word) : null;
    }

    private static DataException Changed(DataSource source, string how) => new(
        $"Data '{source.Name}' has changed since the job was planned ({how}); start a new job to use it as it is now.");

    private sealed class HashingStream(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _count;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _count;
            set => throw new NotSupportedException();
        }

        // At most the registered bytes and one more, so that a file that is being written to cannot hold us.
        public string Finish(long size)
        {
            byte[] buffer = new byte[BufferSize];
            while (_count <= size && Read(buffer) > 0)
            {
            }

            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            _hash.AppendData(buffer[..read]);
            _count += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
