namespace Trainer.Metrics;

/// <summary>How well one class is told from all others.</summary>
/// <param name="Rows">Rows that are of the class.</param>
/// <param name="Predicted">Rows that were taken for it.</param>
/// <param name="Correct">Rows of both.</param>
public readonly record struct ClassMetrics(long Rows, long Predicted, long Correct)
{
    /// <summary>Whether the class occurs, as an actual or as a predicted one; what does not has no metrics.</summary>
    public bool Occurs => Rows + Predicted > 0;

    /// <summary>Share of the rows taken for the class that are of it; 0 when none was, as in scikit-learn.</summary>
    public double Precision => Ratio(Correct, Predicted);

    /// <summary>Share of the rows of the class that were taken for it; 0 without any, as in scikit-learn.</summary>
    public double Recall => Ratio(Correct, Rows);

    /// <summary>Harmonic mean of precision and recall, 2 Correct / (Rows + Predicted).</summary>
    public double F1 => Ratio(2 * Correct, Rows + Predicted);

    /// <summary>The classes of a confusion matrix.</summary>
    /// <param name="confusion">Counts, row-major [actual, predicted]; a whole square.</param>
    /// <exception cref="ArgumentException">It is not square.</exception>
    public static ClassMetrics[] Of(IReadOnlyList<long> confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        int classes = (int)Math.Sqrt(confusion.Count);
        if (classes * classes != confusion.Count)
        {
            throw new ArgumentException(
                $"A confusion matrix of {confusion.Count} counts is not square.", nameof(confusion));
        }

        var metrics = new ClassMetrics[classes];
        for (int i = 0; i < classes; i++)
        {
            long rows = 0;
            long predicted = 0;
            for (int other = 0; other < classes; other++)
            {
                rows += confusion[(i * classes) + other];
                predicted += confusion[(other * classes) + i];
            }

            metrics[i] = new ClassMetrics(rows, predicted, confusion[(i * classes) + i]);
        }

        return metrics;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
