namespace Trainer.Sweeps.Spaces;

/// <summary>Counts and lists the points of a space, inactive dimensions taken once.</summary>
internal static class SpacePoints
{
    /// <summary>Larger counts are this one.</summary>
    public const long Most = 1L << 62;

    /// <summary>Number of points, or null when a dimension is a real number.</summary>
    public static long? Count(SearchSpace space)
    {
        if (space.Dimensions.Any(dimension => !dimension.IsDiscrete))
        {
            return null;
        }

        // Dimensions that no condition connects multiply; connected ones are counted value by value.
        int[] component = Components(space);
        long count = 1;
        foreach (int number in component.Distinct())
        {
            int[] members = [.. space.Order.ToArray().Where(i => component[i] == number)];
            double[] values = new double[space.Dimensions.Count];
            Array.Fill(values, double.NaN);
            count = Multiply(count, CountFrom(space, members, 0, values));
        }

        return count;
    }

    /// <summary>All points, lazily; the last dimension changes fastest.</summary>
    /// <param name="space">The space.</param>
    /// <param name="reals">Values taken of a real dimension, evenly in its scale, both ends among them.</param>
    public static IEnumerable<ParameterSet> All(SearchSpace space, int reals)
    {
        int[] order = space.Order.ToArray();
        double[] values = new double[order.Length];
        long[] digit = new long[order.Length];
        Array.Fill(digit, -1);
        int depth = 0;
        while (depth >= 0)
        {
            if (depth == order.Length)
            {
                yield return new ParameterSet(values);
                depth--;
                continue;
            }

            int i = order[depth];
            Dimension dimension = space.Dimensions[i];
            bool isActive = space.IsActive(i, values);
            long count = !isActive ? 1 : dimension.IsDiscrete ? dimension.Count : reals;
            if (++digit[depth] >= count)
            {
                digit[depth--] = -1;
                continue;
            }

            values[i] = isActive ? ValueAt(dimension, digit[depth], reals) : double.NaN;
            depth++;
        }
    }

    private static double ValueAt(Dimension dimension, long digit, int reals) =>
        dimension.IsDiscrete ? dimension.Low + (digit * dimension.Step)
        : dimension.Decode(reals == 1 ? 0.5 : digit / (reals - 1.0));

    private static long CountFrom(SearchSpace space, int[] members, int at, double[] values)
    {
        if (at == members.Length)
        {
            return 1;
        }

        int i = members[at];
        values[i] = double.NaN;
        if (!space.IsActive(i, values))
        {
            return CountFrom(space, members, at + 1, values);
        }

        Dimension dimension = space.Dimensions[i];
        double[] named = [.. space.Dimensions.SelectMany(child => child.When)
            .Where(condition => condition.Path == dimension.Path).SelectMany(condition => condition.Values).Distinct()];
        long count = 0;
        foreach (double value in named)
        {
            values[i] = value;
            count = Add(count, CountFrom(space, members, at + 1, values));
        }

        // Values that no condition names are alike.
        values[i] = double.NaN;
        long others = dimension.Count - named.Length;
        return others == 0 ? count : Add(count, Multiply(others, CountFrom(space, members, at + 1, values)));
    }

    private static int[] Components(SearchSpace space)
    {
        int[] component = [.. Enumerable.Range(0, space.Dimensions.Count)];
        for (int i = 0; i < component.Length; i++)
        {
            foreach (int parent in space.Parents(i))
            {
                (int from, int to) = (component[parent], component[i]);
                for (int k = 0; k < component.Length; k++)
                {
                    component[k] = component[k] == from ? to : component[k];
                }
            }
        }

        return component;
    }

    private static long Add(long a, long b) => Math.Min(Most, a + b);

    private static long Multiply(long a, long b) =>
        a == 0 || b == 0 ? 0 : a > Most / b ? Most : a * b;
}
