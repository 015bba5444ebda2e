namespace Trainer.Sweeps.Importance;

/// <summary>A regression tree grown to single values on a bootstrap sample.</summary>
/// <remarks>
/// Source: Breiman et al., "Classification and regression trees", 1984: the split of least squared error.
/// </remarks>
internal static class RegressionTree
{
    /// <summary>Fits a tree.</summary>
    /// <param name="points">In the unit cube, shape [n][d].</param>
    /// <param name="values">Shape [n].</param>
    /// <param name="draws">Of the bootstrap sample.</param>
    /// <returns>Its leaves, which tile the unit cube.</returns>
    public static IReadOnlyList<TreeBox> Fit(double[][] points, double[] values, Draws draws)
    {
        int[] rows = new int[points.Length];
        foreach (ref int row in rows.AsSpan())
        {
            row = draws.Below(points.Length);
        }

        var leaves = new List<TreeBox>();
        double[] high = new double[points[0].Length];
        Array.Fill(high, 1);
        var open = new Stack<(int[] Rows, double[] Low, double[] High)>();
        open.Push((rows, new double[high.Length], high));
        while (open.TryPop(out (int[] Rows, double[] Low, double[] High) node))
        {
            if (BestSplit(points, values, node.Rows) is not { } split)
            {
                leaves.Add(new TreeBox(node.Low, node.High, node.Rows.Average(row => values[row])));
                continue;
            }

            double[] leftHigh = [.. node.High];
            double[] rightLow = [.. node.Low];
            leftHigh[split.Dimension] = split.Border;
            rightLow[split.Dimension] = split.Border;
            open.Push(([.. node.Rows.Where(row => points[row][split.Dimension] < split.Border)], node.Low, leftHigh));
            open.Push(([.. node.Rows.Where(row => points[row][split.Dimension] >= split.Border)], rightLow, node.High));
        }

        return leaves;
    }

    // Largest sum_left^2 / n_left + sum_right^2 / n_right, which is the least squared error.
    private static (int Dimension, double Border)? BestSplit(double[][] points, double[] values, int[] rows)
    {
        double total = rows.Sum(row => values[row]);
        if (Array.TrueForAll(rows, row => values[row] == values[rows[0]]))
        {
            return null;
        }

        (int Dimension, double Border)? best = null;
        double most = double.NegativeInfinity;
        for (int d = 0; d < points[0].Length; d++)
        {
            int dimension = d;
            int[] order = [.. rows.OrderBy(row => points[row][dimension]).ThenBy(row => row)];
            double left = 0;
            for (int k = 1; k < order.Length; k++)
            {
                left += values[order[k - 1]];
                double border = (points[order[k - 1]][d] + points[order[k]][d]) / 2;
                double right = total - left;
                double score = (left * left / k) + (right * right / (order.Length - k));
                if (points[order[k - 1]][d] < border && score > most)
                {
                    most = score;
                    best = (d, border);
                }
            }
        }

        return best;
    }
}
