using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trainer.Preprocessing;

/// <summary>The exact median of values that come one by one.</summary>
/// <remarks>Values that repeat are counted, as pixels do; only many different ones are kept one by one.</remarks>
internal sealed class Median
{
    private const int MostCounted = 1024;

    private readonly Dictionary<double, int> _counts = [];
    private readonly List<double> _values = [];
    private long _count;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        _count++;
        ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, value);
        if (!Unsafe.IsNullRef(ref count))
        {
            count++;
        }
        else if (_counts.Count < MostCounted)
        {
            _counts.Add(value, 1);
        }
        else
        {
            _values.Add(value);
        }
    }

    /// <summary>The middle value, or the mean of the two middle ones; null without values.</summary>
    public double? Value()
    {
        if (_count == 0)
        {
            return null;
        }

        (double Value, long Count)[] sorted =
        [
            .. _counts.Select(pair => (pair.Key, (long)pair.Value))
                .Concat(_values.Select(value => (value, 1L)))
                .OrderBy(pair => pair.Item1),
        ];
        double low = At(sorted, (_count - 1) / 2);
        double high = At(sorted, _count / 2);
        return low + ((high - low) / 2);
    }

    private static double At((double Value, long Count)[] sorted, long rank)
    {
        int i = 0;
        for (long seen = sorted[0].Count; seen <= rank; seen += sorted[i].Count)
        {
            i++;
        }

        return sorted[i].Value;
    }
}
