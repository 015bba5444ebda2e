using TorchSharp;

namespace Trainer.Benchmarks;

/// <summary>The library that is measured.</summary>
internal static class Library
{
    /// <summary>Its version, such as 2.10.0.</summary>
    public static string Version { get; } = string.Join('.', torch.__version__.Split('.').Take(3));
}
