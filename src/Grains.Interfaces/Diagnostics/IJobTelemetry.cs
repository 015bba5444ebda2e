using Trainer.Jobs;

namespace Trainer.Diagnostics;

/// <summary>Exports this process' spans as a job asks.</summary>
public interface IJobTelemetry
{
    /// <summary>
    /// From now on exports spans as the job's section <c>telemetry</c> says; a receiver that is already served
    /// changes nothing.
    /// </summary>
    /// <param name="telemetry">The section.</param>
    void Start(TelemetrySpec telemetry);

    /// <summary>Sends what is buffered; returns after at most five seconds.</summary>
    void Flush();
}
