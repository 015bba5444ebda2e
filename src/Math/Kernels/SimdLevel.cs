using System.Runtime.Intrinsics.X86;

namespace Trainer.Kernels;

/// <summary>
/// The widest vectors that the kernels use in this process; results have the same bits at any width.
/// </summary>
public static class SimdLevel
{
    /// <summary>Bits of a vector: 512, 256 or 128; 32 where every number is computed by itself.</summary>
    public static int Bits => LaneWidth.Has512 ? 512 : LaneWidth.Has256 ? 256 : LaneWidth.Has128 ? 128 : 32;

    /// <summary>The instructions behind them.</summary>
    public static string Instructions => Bits switch
    {
        512 => "AVX-512",
        256 => "AVX2 with FMA",
        128 => Fma.IsSupported ? "SSE with FMA" : "NEON",
        _ => "scalar",
    };
}
