using Trainer.Errors;

namespace Trainer.Grains;

/// <summary>No step waits for ever, and who waited too long says for whom.</summary>
/// <param name="limit">Longest wait.</param>
/// <param name="time">The clock.</param>
internal sealed class StepDeadline(TimeSpan limit, TimeProvider time)
{
    /// <summary>Waits for the answer to a push.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="steps">The partition that was pushed to.</param>
    /// <param name="push">The push.</param>
    /// <exception cref="StepTimeoutException">Others' gradients did not come in time; names them.</exception>
    public async Task<StepReply> WaitAsync(Task<StepReply> reply, StepAggregator steps, GradientPush push)
    {
        try
        {
            return await reply.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            throw new StepTimeoutException(
                $"Step {push.Version} waited {limit.TotalSeconds:0} s at partition '{steps.Name}' for "
                + $"{steps.WaitsFor(push.StepInEpoch)}.");
        }
    }
}
