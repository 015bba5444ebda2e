using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>
/// The exporters of one process: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> from the start, and what jobs ask for (console, OTLP base URL) as they
/// come. Every process has its own <c>service.instance.id</c>; disposing flushes.
/// </summary>
public sealed class TraceExport : IJobTelemetry, IDisposable
{
    /// <summary>Starts with what the environment asks for.</summary>
    /// <param name="service">Value of <c>service.name</c>: <c>trainer-client</c> or <c>trainer-silo</c>.</param>
    /// <param name="instance">Value of <c>service.instance.id</c>, unique for each process.</param>
    /// <param name="console">Where the console exporter writes: standard error of a client, the log of a silo.</param>
    public TraceExport(string service, string instance, TextWriter console) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Start(TelemetrySpec telemetry) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Flush() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
