using Trainer.Kernels;

namespace Trainer.Optimizers;

/// <summary>The arithmetic of one optimizer step on one element, the same at every vector width.</summary>
internal interface IUpdateRule
{
    /// <summary>Values of state an element has, 1 to 3; the others are neither loaded nor stored.</summary>
    static abstract int States { get; }

    /// <summary>One element's step.</summary>
    /// <typeparam name="T">Lanes.</typeparam>
    /// <param name="w">The parameter.</param>
    /// <param name="g">The mean gradient.</param>
    /// <param name="a">First state, starts at +0, updated in place.</param>
    /// <param name="b">Second state.</param>
    /// <param name="c">Third state.</param>
    /// <returns>The new parameter.</returns>
    T Update<T>(T w, T g, ref T a, ref T b, ref T c)
        where T : struct, ILanes<T>;
}
