using System.Buffers;
using System.Runtime.InteropServices;

using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Trainer.Wire;

/// <summary>
/// Writes a tensor as its length and its little-endian bytes in one span; Orleans' array codec has a header an
/// element.
/// </summary>
[RegisterSerializer]
internal sealed class TensorCodec : IFieldCodec<Tensor>
{
    private static readonly Type TensorType = typeof(Tensor);

    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(
        ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Tensor? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
        {
            return;
        }

        ArgumentNullException.ThrowIfNull(value);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, TensorType, WireType.LengthPrefixed);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(value.Values.Span);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    /// <inheritdoc/>
    public Tensor? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
        {
            return ReferenceCodec.ReadReference<Tensor, TInput>(ref reader, field);
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        uint length = reader.ReadVarUInt32();
        if (length % sizeof(float) != 0 || length > Tensor.MaxBytes)
        {
            throw new InvalidDataException(
                $"A tensor of {length} bytes came in; allowed are multiples of {sizeof(float)} up to "
                + $"{Tensor.MaxBytes}.");
        }

        var values = new float[length / sizeof(float)];
        reader.ReadBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        var tensor = new Tensor(values);
        ReferenceCodec.RecordObject(reader.Session, tensor);
        return tensor;
    }
}

/// <summary>Passes the reference: a tensor is given away once sent.</summary>
[RegisterCopier]
internal sealed class TensorCopier : IDeepCopier<Tensor>
{
    /// <inheritdoc/>
    public Tensor? DeepCopy(Tensor? input, CopyContext context) => input;
}
