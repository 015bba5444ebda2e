using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>A host that exports nothing.</summary>
internal sealed class NoJobTelemetry : IJobTelemetry, IDisposable
{
    /// <inheritdoc/>
    public IDisposable Start(TelemetrySpec telemetry) => this;

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
