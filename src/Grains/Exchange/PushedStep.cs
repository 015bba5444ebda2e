namespace Trainer.Grains;

/// <summary>A worker's step on its way: what each partition gets, and the answers of those on this silo.</summary>
/// <param name="Pushes">The push of each partition.</param>
/// <param name="Replies">The answer of each partition; null where it has not been pushed to.</param>
internal sealed record PushedStep(GradientPush[] Pushes, Task<StepReply>?[] Replies)
{
    /// <summary>The answers, when all are there already; else null.</summary>
    public StepReply[]? Ready()
    {
        var ready = new StepReply[Replies.Length];
        for (int i = 0; i < ready.Length; i++)
        {
            if (Replies[i] is not { IsCompletedSuccessfully: true } reply)
            {
                return null;
            }

            ready[i] = reply.Result;
        }

        return ready;
    }
}
