using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

using Trainer.Data;

namespace Trainer.Formats;

/// <summary>The strict reader of <see cref="SafetensorsFile"/>.</summary>
internal static class SafetensorsReader
{
    // Header, tensor, shape.
    private const int DeepestHeader = 3;

    /// <summary>Reads a whole file.</summary>
    /// <param name="stream">Seekable, at its start.</param>
    /// <param name="file">What to call it in messages.</param>
    public static SafetensorsFile Read(Stream stream, string file)
    {
        try
        {
            long length = stream.Length;
            byte[] header = ReadHeader(stream, length);
            (List<Entry> entries, Dictionary<string, string> metadata) = ParseHeader(header);
            long start = SafetensorsFile.LengthBytes + header.Length;
            CheckPlaces(entries, length - start);
            var tensors = ImmutableArray.CreateBuilder<SafetensorsTensor>(entries.Count);
            foreach (Entry entry in entries)
            {
                byte[] data = new byte[entry.End - entry.Begin];
                stream.Position = start + entry.Begin;
                stream.ReadExactly(data);
                tensors.Add(new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, data));
            }

            return new SafetensorsFile(tensors.MoveToImmutable(), metadata);
        }
        catch (FormatException error)
        {
            throw new DataException($"'{file}' is not a safetensors file: {error.Message}.", error);
        }
    }

    private static string Named(string tensor) => $"its tensor '{DataText.Show(tensor)}'";

    private static byte[] ReadHeader(Stream stream, long length)
    {
        if (length < SafetensorsFile.LengthBytes)
        {
            throw new FormatException($"it has {length} bytes, and such a file starts with 8 bytes of header length");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsFile.LengthBytes];
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsFile.LongestHeader)
        {
            throw new FormatException(
                $"its header would have {headerLength} bytes; at most {SafetensorsFile.LongestHeader} are allowed");
        }

        long there = length - SafetensorsFile.LengthBytes;
        if ((long)headerLength > there)
        {
            throw new FormatException($"it is cut off: {there} of {headerLength} bytes of its header are there");
        }

        byte[] header = new byte[headerLength];
        stream.ReadExactly(header);
        return header.Length > 0 && header[0] == (byte)'{'
            ? header
            : throw new FormatException("its header does not start with '{'");
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ParseHeader(byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = DeepestHeader });
            var entries = new List<Entry>();
            Dictionary<string, string>? metadata = null;
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                string name = property.Name;
                if (!names.Add(name))
                {
                    throw new FormatException($"its header has '{DataText.Show(name)}' twice");
                }

                if (name == SafetensorsFile.MetadataKey)
                {
                    metadata = ParseMetadata(property.Value);
                }
                else
                {
                    entries.Add(ParseTensor(name, property.Value));
                }
            }

            return (entries, metadata ?? []);
        }
        catch (JsonException error)
        {
            throw new FormatException($"its header is not JSON from byte {error.BytePositionInLine ?? 0} on", error);
        }
        catch (InvalidOperationException error)
        {
            // What System.Text.Json says of text that is not UTF-8.
            throw new FormatException("its header has text that is not UTF-8", error);
        }
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"its '{SafetensorsFile.MetadataKey}' is not an object");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new FormatException($"its metadata '{DataText.Show(property.Name)}' is not a string");
            }

            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
            {
                throw new FormatException($"its metadata has '{DataText.Show(property.Name)}' twice");
            }
        }

        return metadata;
    }

    private static Entry ParseTensor(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || element.GetPropertyCount() != 3
            || !element.TryGetProperty("dtype", out JsonElement type)
            || !element.TryGetProperty("shape", out JsonElement shape)
            || !element.TryGetProperty("data_offsets", out JsonElement offsets))
        {
            throw new FormatException($"{Named(name)} needs exactly dtype, shape and data_offsets");
        }

        string typeName = type.ValueKind == JsonValueKind.String ? type.GetString()! : type.GetRawText();
        if (!Enum.TryParse(typeName, out SafetensorsType known) || known.ToString() != typeName)
        {
            throw new FormatException(
                $"{Named(name)} has dtype '{DataText.Show(typeName)}'; known are "
                + string.Join(' ', Enum.GetNames<SafetensorsType>()));
        }

        ImmutableArray<long> sizes = ParseNumbers(name, "shape", shape);
        ImmutableArray<long> places = ParseNumbers(name, "data_offsets", offsets);
        if (places.Length != 2 || places[1] < places[0])
        {
            throw new FormatException($"{Named(name)} needs data_offsets of a begin and an end");
        }

        var entry = new Entry(name, known, sizes, places[0], places[1]);
        return entry.End - entry.Begin == BytesOf(entry)
            ? entry
            : throw new FormatException(
                $"{Named(name)} has {entry.End - entry.Begin} bytes, which is not what its shape needs");
    }

    private static ImmutableArray<long> ParseNumbers(string name, string key, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"{Named(name)} has a {key} that is not a list");
        }

        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                throw new FormatException(
                    $"{Named(name)} has '{DataText.Show(item.GetRawText())}' in {key}, not a whole number from 0");
            }

            numbers.Add(number);
        }

        return numbers.MoveToImmutable();
    }

    // -1 when the product is larger than any file.
    private static long BytesOf(Entry entry)
    {
        if (entry.Shape.Contains(0))
        {
            return 0;
        }

        long bytes = SafetensorsTensor.SizeOf(entry.Type);
        foreach (long size in entry.Shape)
        {
            if (Math.BigMul(bytes, size, out bytes) != 0 || bytes < 0)
            {
                return -1;
            }
        }

        return bytes;
    }

    // The tensors must cover the data exactly, in whatever order.
    private static void CheckPlaces(List<Entry> entries, long dataLength)
    {
        long end = 0;
        foreach (Entry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                string what = entry.Begin < end ? "overlaps another" : "leaves a gap before it";
                throw new FormatException(
                    $"{Named(entry.Name)} {what}: it starts at byte {entry.Begin}, not {end}");
            }

            if (entry.End - entry.Begin > Array.MaxLength)
            {
                long bytes = entry.End - entry.Begin;
                throw new FormatException(
                    $"{Named(entry.Name)} has {bytes} bytes; at most {Array.MaxLength} can be read");
            }

            end = entry.End;
        }

        if (end > dataLength)
        {
            throw new FormatException($"it is cut off: {dataLength} of {end} bytes of its tensors are there");
        }

        if (end < dataLength)
        {
            throw new FormatException($"it has {dataLength - end} bytes after its last tensor");
        }
    }

    private sealed record Entry(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Begin, long End);
}
