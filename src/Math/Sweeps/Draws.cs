using Trainer.Kernels;

namespace Trainer.Sweeps;

/// <summary>
/// The random numbers of one decision: a sequence that is a function of seed, stream, number and attempt.
/// </summary>
internal struct Draws(ulong seed, RandomStream stream, int number, int attempt = 0)
{
    private readonly SeededRandom _random = new(seed, stream);
    private readonly ulong _decision = (uint)number | ((ulong)(uint)attempt << 32);
    private ulong _next;

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => _random.UniformDouble(_decision, _next++);

    /// <summary>Uniform in 0 .. count - 1.</summary>
    public int Below(int count) => Math.Min(count - 1, (int)(Uniform() * count));

    /// <summary>Standard normal.</summary>
    public double Normal() => NormalDistribution.Quantile((Uniform() * (1 - 1.2e-16)) + 6e-17);
}
