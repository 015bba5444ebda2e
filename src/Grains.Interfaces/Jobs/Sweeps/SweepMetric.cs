using Trainer.Data;

namespace Trainer.Jobs;

/// <summary>The metric of a sweep, <c>part.metric</c>.</summary>
public static class SweepMetric
{
    /// <summary>Its part and its name in the part.</summary>
    /// <param name="metric">As in the sweep file.</param>
    public static (DataPart Part, string Name) Parse(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        int dot = metric.IndexOf('.', StringComparison.Ordinal);
        return (Enum.Parse<DataPart>(metric[..dot], ignoreCase: true), metric[(dot + 1)..]);
    }
}
