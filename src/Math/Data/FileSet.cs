using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>A set of the catalogue that is files on this machine, with an official test part.</summary>
/// <param name="Name">Catalogue name, also of its folder.</param>
/// <param name="Url">Where its files can be downloaded from.</param>
/// <param name="Sha256">Of training images, training labels, test images and test labels as downloaded.</param>
/// <param name="Summary">What it is, in a few words.</param>
public sealed record FileSet(string Name, string Url, ImmutableArray<string> Sha256, string Summary)
{
    private const string DebianFolder = "/usr/share/datasets";
    private const string Packed = ".gz";

    /// <summary>The sets, in ordinal order of their names.</summary>
    public static ImmutableArray<FileSet> All { get; } =
    [
        new(
            "fashion-mnist",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            [
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ],
            "clothes of 28 x 28 pixels in 10 classes"),
        new(
            "mnist",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            [
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ],
            "handwritten digits of 28 x 28 pixels"),
    ];

    /// <summary>Names of the files without <c>.gz</c>, in the order of <see cref="Sha256"/>.</summary>
    public static ImmutableArray<string> Files { get; } =
    [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ];

    /// <summary>
    /// Where sets are looked for: the folders of <c>TRAINER_DATA</c>, <c>data</c> in <c>TRAINER_HOME</c>, and where
    /// Debian's packages put them. A set is in the folder of its name there, or in the folder itself when that has it.
    /// </summary>
    public static ImmutableArray<string> Folders() =>
    [
        .. (Environment.GetEnvironmentVariable("TRAINER_DATA") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Downloads,
        DebianFolder,
    ];

    /// <summary>Where downloads go.</summary>
    public static string Downloads
    {
        get
        {
            string? home = Environment.GetEnvironmentVariable("TRAINER_HOME");
            string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(string.IsNullOrEmpty(home) ? Path.Combine(user, ".trainer") : home, "data");
        }
    }

    /// <summary>The set of that name, or null.</summary>
    public static FileSet? Find(string name) => All.FirstOrDefault(set => set.Name == name);

    /// <summary>The first folder that has all four files; null: none has.</summary>
    /// <param name="folders">Folders to look in, best first.</param>
    public string? FolderIn(IEnumerable<string> folders) => folders
        .SelectMany(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == Name
            ? new[] { Path.Combine(folder, Name), folder }
            : [Path.Combine(folder, Name)])
        .FirstOrDefault(folder => Files.All(file => PathOf(folder, file) is not null));

    /// <summary>Registers the files of a part.</summary>
    /// <param name="test">The test part, else the training part.</param>
    /// <param name="folders">Folders to look in, best first.</param>
    /// <exception cref="DataException">No folder has the files. The message says how to get them.</exception>
    public DataSource Register(bool test, IEnumerable<string> folders)
    {
        string[] places = [.. folders];
        string folder = FolderIn(places) ?? throw new DataException(
            $"Data set '{Name}' is not on this machine; get it by 'trainer data get {Name}', or put {Files[0]}.gz " +
            $"and the other three files into '{Name}' in one of: {string.Join(", ", places)}.");
        int first = test ? 2 : 0;
        return Catalogue.Register(PathOf(folder, Files[first])!) with
        {
            Labels = Catalogue.Register(PathOf(folder, Files[first + 1])!),
        };
    }

    private static string? PathOf(string folder, string file) =>
        new[] { Path.Combine(folder, file + Packed), Path.Combine(folder, file) }.FirstOrDefault(File.Exists);
}
