namespace Trainer.Kernels;

/// <summary>
/// Nothing but fused multiply-adds in registers: the time it takes gives the most that any product can reach on this
/// processor, one thread, at the width that the kernels use.
/// </summary>
public static class PeakKernel
{
    // Enough independent chains to hide the latency of two units; with the two operands they fit into 16 registers.
    private const int Chains = 12;

    /// <summary>Floating-point operations of a call, two a multiply-add.</summary>
    /// <param name="rounds">Multiply-adds of each chain.</param>
    public static double Operations(int rounds) => 2.0 * Chains * (SimdLevel.Bits / 32) * rounds;

    /// <summary>Runs the chains.</summary>
    /// <param name="rounds">Multiply-adds of each chain.</param>
    /// <returns>A number that depends on all of them, so that none is left out.</returns>
    public static float Run(int rounds) =>
        LaneWidth.Has512 ? Run<Lanes512>(rounds)
        : LaneWidth.Has256 ? Run<Lanes256>(rounds)
        : LaneWidth.Has128 ? Run<Lanes128>(rounds)
        : Run<Lanes1>(rounds);

    private static unsafe float Run<T>(int rounds)
        where T : struct, ILanes<T>
    {
        T x = T.Broadcast(0.999f);
        T y = T.Broadcast(0.0001f);
        T c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (int round = 0; round < rounds; round++)
        {
            c0 = T.MultiplyAdd(c0, x, y);
            c1 = T.MultiplyAdd(c1, x, y);
            c2 = T.MultiplyAdd(c2, x, y);
            c3 = T.MultiplyAdd(c3, x, y);
            c4 = T.MultiplyAdd(c4, x, y);
            c5 = T.MultiplyAdd(c5, x, y);
            c6 = T.MultiplyAdd(c6, x, y);
            c7 = T.MultiplyAdd(c7, x, y);
            c8 = T.MultiplyAdd(c8, x, y);
            c9 = T.MultiplyAdd(c9, x, y);
            c10 = T.MultiplyAdd(c10, x, y);
            c11 = T.MultiplyAdd(c11, x, y);
        }

        T low = T.Add(T.Add(T.Add(c0, c1), T.Add(c2, c3)), T.Add(c4, c5));
        T high = T.Add(T.Add(T.Add(c6, c7), T.Add(c8, c9)), T.Add(c10, c11));
        float* lanes = stackalloc float[16];
        T.Store(T.Add(low, high), lanes);
        return lanes[0];
    }
}
