using System.Diagnostics.CodeAnalysis;

namespace Trainer.Data;

/// <summary>The data sets that need no file.</summary>
public static class Catalogue
{
    /// <summary>Names of the sets, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => throw new NotImplementedException();

    /// <summary>Finds a set by name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out DataSource? source) => throw new NotImplementedException();

    /// <summary>Registers a file: absolute path, size, SHA-256.</summary>
    /// <exception cref="DataException">The file does not exist or cannot be read.</exception>
    public static DataSource Register(string path) => throw new NotImplementedException();
}
