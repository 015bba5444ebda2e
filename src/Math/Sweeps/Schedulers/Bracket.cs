namespace Trainer.Sweeps.Schedulers;

/// <summary>A group of trials that compete rung by rung.</summary>
/// <param name="First">Number of its first trial.</param>
/// <param name="Size">Trials.</param>
/// <param name="Rungs">Epochs after which only the best 1/eta go on.</param>
internal sealed record Bracket(int First, int Size, int[] Rungs)
{
    /// <summary>Whether a trial is one of the bracket's.</summary>
    public bool Contains(int number) => number >= First && number < First + Size;
}
