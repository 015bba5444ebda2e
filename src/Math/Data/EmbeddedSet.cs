using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Trainer.Data;

/// <summary>A data set inside this assembly: gzipped CSV without a header.</summary>
/// <param name="Name">Catalogue name.</param>
/// <param name="Columns">Names of its columns.</param>
/// <param name="Targets">Its usual target columns.</param>
/// <param name="Summary">What it is, in a few words.</param>
internal sealed record EmbeddedSet(
    string Name, ImmutableArray<string> Columns, ImmutableArray<string> Targets, string Summary)
{
    private const int DigitsSide = 8;

    /// <summary>The sets, in ordinal order of their names.</summary>
    public static ImmutableArray<EmbeddedSet> All { get; } = [BreastCancer(), Digits(), Heart()];

    /// <summary>Columns that are features only where they are asked for, such as the number of the row.</summary>
    public ImmutableArray<string> NotFeatures { get; init; } = [];

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
        return new EmbeddedSet("digits", [.. pixels, "digit"], ["digit"], "handwritten digits of 8 x 8 pixels");
    }

    // Breast Cancer Wisconsin (Diagnostic), W. Wolberg, O. Mangasarian, N. Street and W. Street, UCI Machine Learning
    // Repository, 1995, CC BY 4.0: 569 rows; mean, standard error and worst of ten measures of cell nuclei.
    private static EmbeddedSet BreastCancer()
    {
        string[] measures =
        [
            "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points",
            "symmetry", "fractal_dimension",
        ];
        ImmutableArray<string> columns =
        [
            .. measures.Select(measure => $"mean_{measure}"),
            .. measures.Select(measure => $"{measure}_error"),
            .. measures.Select(measure => $"worst_{measure}"),
            "diagnosis",
        ];
        return new EmbeddedSet("breast-cancer", columns, ["diagnosis"], "tumours, benign or malignant");
    }

    // Heart Disease (Cleveland), A. Janosi, W. Steinbrunn, M. Pfisterer and R. Detrano, UCI Machine Learning
    // Repository, 1989, CC BY 4.0, as in "An Introduction to Statistical Learning": 303 rows, the first column counts.
    private static EmbeddedSet Heart() => new(
        "heart",
        [
            "column_1", "Age", "Sex", "ChestPain", "RestBP", "Chol", "Fbs", "RestECG", "MaxHR", "ExAng", "Oldpeak",
            "Slope", "Ca", "Thal", "AHD",
        ],
        ["AHD"],
        "heart disease of patients, missing values and text")
    {
        NotFeatures = ["column_1"],
    };

    private string Sha256()
    {
        using Stream bytes = Open();
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
