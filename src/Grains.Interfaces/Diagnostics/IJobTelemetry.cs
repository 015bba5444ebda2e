using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>Exports this process' spans as a job asks.</summary>
public interface IJobTelemetry
{
    /// <summary>
    /// Exports spans as a job's section <c>telemetry</c> says, until the result is disposed; a receiver that several
    /// hold is served once, until the last of them ends.
    /// </summary>
    /// <param name="telemetry">The section.</param>
    /// <returns>The lease of the receivers. Disposing sends what is buffered; it takes at most five seconds.</returns>
    IDisposable Start(TelemetrySpec telemetry);

    /// <summary>Sends what is buffered; returns after at most five seconds.</summary>
    void Flush();
}
