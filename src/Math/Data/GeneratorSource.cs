using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Trainer.Data;

/// <summary>Generated data: the same description gives the same rows, on every machine.</summary>
/// <param name="Generator">The shape.</param>
/// <param name="Rows">Rows, 1 to <see cref="MostRows"/>.</param>
/// <param name="Noise">Strength of the noise, 0 to 1; the Playground's slider goes to 0.5.</param>
/// <param name="Seed">Seed of the rows, independent of the job's.</param>
public sealed partial record GeneratorSource(
    ToyGenerator Generator = ToyGenerator.Circle, int Rows = 500, double Noise = 0, long Seed = 1)
{
    /// <summary>Most rows.</summary>
    public const int MostRows = 100_000_000;

    // Changes when the rows of a description change.
    private const string Version = "trainer-generator-1 ";

    /// <summary>Names of the generators.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetNames<ToyGenerator>().Select(name => name.ToLowerInvariant())];

    /// <summary>Name of the target column.</summary>
    public string Target => Generator is ToyGenerator.Curve or ToyGenerator.Plane ? "y" : "label";

    /// <summary>The source: its name is the description, its hash that of the description.</summary>
    public DataSource ToSource() => new(
        ToString(), null, 0, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Version + ToString()))));

    /// <summary>The description, which is also a map of the job file.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{generator: {Generator.ToString().ToLowerInvariant()}, rows: {Rows}, noise: {Noise:R}, seed: {Seed}}}");

    /// <summary>The header and the rows as text; numbers read back as the same binary64.</summary>
    public IEnumerable<IReadOnlyList<string>> Table()
    {
        using var reader = new GeneratedReader(ToSource(), this);
        yield return reader.Columns;
        while (reader.Read())
        {
            yield return reader.Fields();
        }
    }

    /// <summary>Reads a description as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GeneratorSource? source)
    {
        ArgumentNullException.ThrowIfNull(text);
        source = null;
        Match match = Description().Match(text);
        if (!match.Success
            || !Names.Contains(match.Groups["name"].Value)
            || !Enum.TryParse(match.Groups["name"].Value, ignoreCase: true, out ToyGenerator generator)
            || !int.TryParse(match.Groups["rows"].Value, CultureInfo.InvariantCulture, out int rows)
            || !double.TryParse(match.Groups["noise"].Value, CultureInfo.InvariantCulture, out double noise)
            || !long.TryParse(match.Groups["seed"].Value, CultureInfo.InvariantCulture, out long seed)
            || rows is < 1 or > MostRows || noise is not (>= 0 and <= 1))
        {
            return false;
        }

        source = new GeneratorSource(generator, rows, noise, seed);
        return source.ToString() == text;
    }

    [GeneratedRegex(
        @"^\{generator: (?<name>[a-z]+), rows: (?<rows>[0-9]+), noise: (?<noise>[0-9.E-]+), seed: (?<seed>[0-9]+)\}\z")]
    private static partial Regex Description();
}
