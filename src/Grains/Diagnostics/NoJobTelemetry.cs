using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>A host that exports nothing.</summary>
internal sealed class NoJobTelemetry : IJobTelemetry
{
    /// <inheritdoc/>
    public void Start(TelemetrySpec telemetry)
    {
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }
}
