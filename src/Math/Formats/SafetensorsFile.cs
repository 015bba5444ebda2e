using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

using Trainer.Data;

namespace Trainer.Formats;

/// <summary>
/// A safetensors file: 8 bytes of header length (little-endian), a JSON header that says type, shape and place of each
/// tensor, then the tensors' bytes.
/// </summary>
/// <param name="Tensors">The tensors; written in this order, read in the order of the header.</param>
/// <param name="Metadata">Free text by key, the header's <c>__metadata__</c>.</param>
/// <remarks>
/// Source: https://github.com/huggingface/safetensors. The reader takes nothing on trust: lengths are checked before
/// memory is allocated, and the tensors must cover the data without a gap or an overlap.
/// </remarks>
public sealed record SafetensorsFile(
    ImmutableArray<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Longest header, in bytes, as in the format's own library.</summary>
    public const int LongestHeader = 100_000_000;

    internal const string MetadataKey = "__metadata__";
    internal const int LengthBytes = 8;

    private const int Alignment = 8;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">
    /// It cannot be read or is not such a file; the message names the file and the reason.
    /// </exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            // Pipes, sockets and devices have no size; opening a pipe would wait for its writer.
            if (!Directory.Exists(path) && new FileInfo(path).Length == 0)
            {
                throw new DataException($"'{path}' is empty, or no regular file; give a safetensors file.");
            }

            using FileStream stream = File.OpenRead(path);
            return SafetensorsReader.Read(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            bool missing = error is FileNotFoundException or DirectoryNotFoundException;
            string reason = missing ? "it does not exist" : error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new DataException($"'{path}' cannot be read: {reason}.", error);
        }
    }

    /// <summary>Reads and checks the bytes of a file.</summary>
    /// <param name="content">All bytes.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="DataException">They are not those of such a file.</exception>
    public static SafetensorsFile Parse(byte[] content, string name)
    {
        using var stream = new MemoryStream(content, writable: false);
        return SafetensorsReader.Read(stream, name);
    }

    /// <summary>Writes the file: temporary file, fsync, rename, fsync of the folder.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the bytes of the file.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <exception cref="InvalidOperationException">
    /// Two tensors have the same name, or one has more or fewer bytes than its shape.
    /// </exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = Header();
        Span<byte> length = stackalloc byte[LengthBytes];
        int padding = (Alignment - (header.Length % Alignment)) % Alignment;
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        for (int i = 0; i < padding; i++)
        {
            stream.WriteByte((byte)' ');
        }

        foreach (SafetensorsTensor tensor in Tensors)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    private byte[] Header()
    {
        using var buffer = new MemoryStream();
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        long offset = 0;
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in Metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach (SafetensorsTensor tensor in Tensors)
            {
                Check(tensor, names);
                WriteTensor(json, tensor, offset);
                offset += tensor.Data.Length;
            }

            json.WriteEndObject();
        }

        return buffer.Length + Alignment <= LongestHeader
            ? buffer.ToArray()
            : throw new InvalidOperationException(
                $"The header has {buffer.Length} bytes; at most {LongestHeader} can be read.");
    }

    private static void Check(SafetensorsTensor tensor, HashSet<string> names)
    {
        if (!names.Add(tensor.Name))
        {
            throw new InvalidOperationException($"The name '{tensor.Name}' is taken; each tensor needs its own.");
        }

        long bytes = SafetensorsTensor.SizeOf(tensor.Type);
        foreach (long size in tensor.Shape)
        {
            bytes = checked(bytes * size);
        }

        if (bytes != tensor.Data.Length)
        {
            throw new InvalidOperationException(
                $"The tensor '{tensor.Name}' has {tensor.Data.Length} bytes; its shape needs {bytes}.");
        }
    }

    private static void WriteTensor(Utf8JsonWriter json, SafetensorsTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
