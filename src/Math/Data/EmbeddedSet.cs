using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Trainer.Data;

/// <summary>A data set inside this assembly: gzipped CSV without a header.</summary>
/// <param name="Name">Catalogue name.</param>
/// <param name="Columns">Names of its columns.</param>
/// <param name="Targets">Its usual target columns.</param>
internal sealed record EmbeddedSet(string Name, ImmutableArray<string> Columns, ImmutableArray<string> Targets)
{
    private const int DigitsSide = 8;

    /// <summary>The sets, in ordinal order of their names.</summary>
    public static ImmutableArray<EmbeddedSet> All { get; } = [Digits()];

    /// <summary>The source; its hash is taken once a process.</summary>
    public DataSource Source => field ??= new DataSource(Name, null, 0, Sha256());

    /// <summary>The set of that name, or null.</summary>
    public static EmbeddedSet? Find(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>The bytes of the resource.</summary>
    public Stream Open() =>
        typeof(EmbeddedSet).Assembly.GetManifestResourceStream($"{Name}.csv.gz")
        ?? throw new InvalidOperationException($"The assembly has no resource '{Name}.csv.gz'.");

    // Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998,
    // CC BY 4.0: its test half, 1797 rows, pixels 0..16 row by row.
    private static EmbeddedSet Digits()
    {
        IEnumerable<string> pixels =
            from row in Enumerable.Range(0, DigitsSide)
            from column in Enumerable.Range(0, DigitsSide)
            select $"pixel_{row}_{column}";
        return new EmbeddedSet("digits", [.. pixels, "digit"], ["digit"]);
    }

    private string Sha256()
    {
        using Stream bytes = Open();
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
