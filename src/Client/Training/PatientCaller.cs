using Trainer.Cluster;
using Trainer.Errors;
using Trainer.Reporting;

namespace Trainer.Training;

/// <summary>Calls of grains that outlast short failures: a killed gateway, a time-out, a silo that starts.</summary>
/// <param name="hasEnded">Whether the folder says that the job has ended: then nobody may answer any more.</param>
/// <param name="note">Takes one line for the user.</param>
/// <param name="whenLost">What the user can do when the cluster stays silent: a sentence.</param>
/// <param name="time">The clock.</param>
internal sealed class PatientCaller(Func<bool> hasEnded, Action<string> note, string whenLost, TimeProvider time)
{
    /// <summary>How long calls may fail before the cluster counts as lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>Calls until there is an answer.</summary>
    /// <returns>False: none, for the cluster has ended with its job, and the folder tells the rest.</returns>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task<bool> CallAsync(Func<Task> call, CancellationToken cancellationToken) =>
        await CallAsync(
            async () =>
            {
                await call();
                return call;
            },
            cancellationToken) is not null;

    /// <summary>Calls until there is an answer.</summary>
    /// <returns>The answer; null: the cluster has ended with its job, and the folder tells the rest.</returns>
    /// <exception cref="ClusterUnreachableException">The cluster stays silent.</exception>
    public async Task<T?> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        long? failingSince = null;
        bool mayAnswer = true;
        while (true)
        {
            try
            {
                return await call().WaitAsync(cancellationToken);
            }
            catch (Exception error) when (IsTransient(error))
            {
                if (hasEnded())
                {
                    if (!mayAnswer)
                    {
                        return null;
                    }

                    // It may have ended on another silo than the one that was asked: that one tells the last epochs.
                    mayAnswer = false;
                }
                else if (failingSince is null)
                {
                    failingSince = time.GetTimestamp();
                    string what = error is JobNotRunningException
                        ? "the silo that led the job ended; waiting for another one"
                        : "the cluster does not answer; trying again";
                    note($"{what} for {Figures.Rough(Patience)}");
                }
                else if (time.GetElapsedTime(failingSince.Value) >= Patience)
                {
                    throw error is JobNotRunningException ? error : new ClusterUnreachableException(
                        $"the cluster has not answered for {Figures.Rough(Patience)}; {whenLost}");
                }
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    // What a call throws when its silo is gone or late; what the job itself says (TrainerException) is final.
    private static bool IsTransient(Exception error) =>
        error is TimeoutException or OrleansException or IOException or System.Net.Sockets.SocketException
            or JobNotRunningException;
}
