using Xunit;

namespace Trainer.Kernels;

public sealed class SeededRandomTests
{
    // Known answers of Random123 for philox4x32-10.
    [Fact]
    public void Philox_KnownCounters_GiveKnownAnswers()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), SeededRandom.Philox(0, 0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            SeededRandom.Philox(
                uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            SeededRandom.Philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void Bits_OtherSeedStreamOrCounter_Differ()
    {
        ulong[] values =
        [
            new SeededRandom(1, RandomStream.Split).Bits(0, 0),
            new SeededRandom(2, RandomStream.Split).Bits(0, 0),
            new SeededRandom(1, RandomStream.Shuffle).Bits(0, 0),
            new SeededRandom(1, RandomStream.Split).Bits(1, 0),
            new SeededRandom(1, RandomStream.Split).Bits(0, 1),
        ];

        Assert.Equal(values.Length, values.Distinct().Count());
    }

    [Fact]
    public void Uniform_ManyDraws_HaveMeanAndVarianceOfTheUniform()
    {
        var random = new SeededRandom(5, RandomStream.Generator);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(i => (double)random.Uniform(3, (ulong)i))];

        Assert.InRange(draws.Min(), 0, 0.001);
        Assert.InRange(draws.Max(), 0.999, 0.99999999);
        Assert.Equal(0.5, draws.Average(), 0.005);
        Assert.Equal(1.0 / 12, draws.Average(x => (x - 0.5) * (x - 0.5)), 0.002);
    }

    [Fact]
    public void Shuffle_SmallSets_GiveEveryPermutationEquallyOften()
    {
        var random = new SeededRandom(9, RandomStream.Shuffle);
        const int Draws = 24_000;
        Dictionary<string, int> counts = [];
        for (int i = 0; i < Draws; i++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            random.Shuffle<char>(items, (ulong)i);
            string key = new(items);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Shuffle_SameArguments_SamePermutation()
    {
        int[] first = [.. Enumerable.Range(0, 1000)];
        int[] second = [.. first];

        new SeededRandom(3, RandomStream.Positions).Shuffle<int>(first, 7);
        new SeededRandom(3, RandomStream.Positions).Shuffle<int>(second, 7);

        Assert.Equal(first, second);
        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.NotEqual(Enumerable.Range(0, 1000), first);
    }
}
