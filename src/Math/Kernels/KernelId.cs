namespace Trainer.Kernels;

/// <summary>The name of the summation rule: two programs with the same id give the same bits.</summary>
public static class KernelId
{
    /// <summary>The id of the float32 rule of this version, on any vector width.</summary>
    public const string Float32 = "fp32-1";
}
