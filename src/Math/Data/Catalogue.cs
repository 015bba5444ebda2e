using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Trainer.Data;

/// <summary>The data sets that need no file, and the registration of those that are one.</summary>
public static class Catalogue
{
    private static readonly ImmutableArray<(string Name, string Summary)> Embedded =
        [.. EmbeddedSet.All.Select(set => (set.Name, set.Summary))];

    /// <summary>Names of all sets, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Embedded.Select(set => set.Name).Concat(FileSet.All.Select(set => set.Name)).Order(StringComparer.Ordinal)];

    /// <summary>The sets inside the program, with what they are.</summary>
    public static IReadOnlyList<(string Name, string Summary)> EmbeddedSets => Embedded;

    /// <summary>Finds an embedded set by name.</summary>
    /// <param name="name">Its name, in lower case.</param>
    /// <param name="source">The set, when there is one.</param>
    public static bool TryGet(string name, [NotNullWhen(true)] out DataSource? source)
    {
        source = EmbeddedSet.Find(name)?.Source;
        return source is not null;
    }

    /// <summary>
    /// What <c>data.source</c> means: a file that exists, or anything that looks like a path (a separator or an
    /// extension), is registered; everything else is a name of the catalogue.
    /// </summary>
    /// <param name="source">A name, a path, or the description of a generator.</param>
    /// <param name="folder">Folder that a relative path starts from; null: the current one.</param>
    /// <exception cref="DataException">There is no such set or file. The message has the nearest name.</exception>
    public static DataSource Find(string source, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (GeneratorSource.TryParse(source, out GeneratorSource? generator))
        {
            return generator.ToSource();
        }

        string path = folder is null ? source : Path.Combine(folder, source);
        if (File.Exists(path) || source.AsSpan().ContainsAny('/', '\\') || Path.HasExtension(source))
        {
            return Register(path);
        }

        if (TryGet(source, out DataSource? set))
        {
            return set;
        }

        if (FileSet.Find(source) is { } files)
        {
            return files.Register(test: false, FileSet.Folders());
        }

        string near = NearestName.Of(source, Names) is { } name ? $" (did you mean '{name}'?)" : "";
        throw new DataException(
            $"Data set '{DataText.Show(source)}' is unknown{near}; the catalogue has: {string.Join(", ", Names)}; " +
            "or give the path of a file.");
    }

    /// <summary>The official test part of a set of the catalogue; null: it has none, or this is no such set.</summary>
    /// <param name="source">A name, or anything else that <c>data.source</c> may be.</param>
    /// <exception cref="DataException">The set is not on this machine.</exception>
    public static DataSource? FindTest(string source) =>
        FileSet.Find(source)?.Register(test: true, FileSet.Folders());

    /// <summary>The format of a source by its content: <c>csv</c>, <c>idx</c> or <c>npy</c>.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string FormatOf(DataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return RowSource.FormatOf(source);
    }

    /// <summary>Registers a file: absolute path, size, SHA-256.</summary>
    /// <param name="path">Path of a regular file, absolute or from the current folder.</param>
    /// <exception cref="DataException">The file does not exist or cannot be read.</exception>
    public static DataSource Register(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using Stream file = SourceFile.OpenRegular(path, out string absolute);
        try
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(file));
            return new DataSource(Path.GetFileName(absolute), absolute, file.Position, hash);
        }
        catch (IOException error)
        {
            throw SourceFile.Unreadable(path, error);
        }
    }
}
