namespace Trainer.Recovery;

/// <summary>Silos of a job's crew ended.</summary>
/// <param name="silos">Their names.</param>
internal sealed class CrewLostException(IReadOnlyList<string> silos)
    : Exception($"The job has lost {string.Join(", ", silos)}.")
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Silos => silos;
}
