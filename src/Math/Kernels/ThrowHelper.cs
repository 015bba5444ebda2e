using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Trainer.Kernels;

/// <summary>Argument errors of the kernels, out of the hot path.</summary>
[StackTraceHidden]
internal static class ThrowHelper
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireEqualLengths(string name, int length, string otherName, int otherLength)
    {
        if (length != otherLength)
        {
            LengthMismatch(name, length, otherName, otherLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireLength(string name, int length, int needed)
    {
        if (length < needed)
        {
            TooShort(name, length, needed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireRange(string name, int first, int count, int limit)
    {
        if ((uint)first > (uint)limit || (uint)count > (uint)(limit - first))
        {
            OutOfRange(name, first, count, limit);
        }
    }

    [DoesNotReturn]
    private static void LengthMismatch(string name, int length, string otherName, int otherLength) =>
        throw new ArgumentException(
            $"'{name}' has length {length} but '{otherName}' has length {otherLength}; they must be equal.", name);

    [DoesNotReturn]
    private static void TooShort(string name, int length, int needed) =>
        throw new ArgumentException($"'{name}' has length {length}; these shapes need at least {needed}.", name);

    [DoesNotReturn]
    private static void OutOfRange(string name, int first, int count, int limit) =>
        throw new ArgumentOutOfRangeException(
            name, $"'{name}' covers {count} from {first}; allowed are ranges within 0..{limit}.");
}
