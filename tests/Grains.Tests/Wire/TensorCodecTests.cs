using Microsoft.Extensions.DependencyInjection;

using Orleans.Serialization;

using Xunit;

namespace Trainer.Wire;

public sealed class TensorCodecTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void RoundTrip_AnyLength_KeepsEveryBit(int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => BitConverter.Int32BitsToSingle(i * 40503))];
        Serializer serializer = _services.GetRequiredService<Serializer>();

        Tensor copy = serializer.Deserialize<Tensor>(serializer.SerializeToArray(new Tensor(values)))!;

        Assert.Equal(
            values.Select(BitConverter.SingleToInt32Bits),
            copy.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Serialize_Million_CostsFourBytesAnElement()
    {
        byte[] bytes = _services.GetRequiredService<Serializer>().SerializeToArray(new Tensor(new float[1_000_000]));

        Assert.InRange(bytes.Length, 4_000_000, 4_000_100);
    }

    [Fact]
    public void DeepCopy_Tensor_PassesTheReference()
    {
        var tensor = new Tensor(new float[4]);

        Assert.Same(tensor, _services.GetRequiredService<DeepCopier>().Copy(tensor));
    }
}
