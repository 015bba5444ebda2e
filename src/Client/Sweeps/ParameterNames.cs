using System.Collections.Immutable;
using System.Globalization;

namespace Trainer.Sweeps;

/// <summary>Parameters of trials as a person reads them: the last word of a key, four digits of a number.</summary>
internal static class ParameterNames
{
    private const int Digits = 4;

    /// <summary><c>hidden=[32,16] learning_rate=0.003124</c>.</summary>
    /// <param name="parameters">Keys of the job file with their values as YAML.</param>
    public static string Line(ImmutableArray<KeyValuePair<string, string>> parameters)
    {
        string[] paths = [.. parameters.Select(parameter => parameter.Key)];
        return string.Join(' ', parameters.Select(parameter =>
            $"{Short(parameter.Key, paths)}={Short(parameter.Value)}"));
    }

    /// <summary>
    /// The last word of a key (of <c>optimizer.name</c> the section), or all of it where another key has that too.
    /// </summary>
    /// <param name="path">The key.</param>
    /// <param name="all">All keys, this one among them.</param>
    public static string Short(string path, IReadOnlyCollection<string> all)
    {
        string name = Last(path);
        return all.Count(other => Last(other) == name) > 1 ? path : name;
    }

    /// <summary>A value: numbers with four digits, lists without spaces.</summary>
    public static string Short(string value)
    {
        if (value.Length <= Digits + 2
            || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return value.Replace(", ", ",", StringComparison.Ordinal);
        }

        return Number(number);
    }

    /// <summary>A number with four digits; whole ones as they are.</summary>
    public static string Number(double number) => number == Math.Floor(number) && Math.Abs(number) < 1e9
        ? number.ToString("0", CultureInfo.InvariantCulture)
        : Math.Abs(number) is >= 1e-3 and < 1e6
            ? number.ToString("G4", CultureInfo.InvariantCulture)
            : number.ToString("0.###e0", CultureInfo.InvariantCulture);

    private static string Last(string path)
    {
        string[] words = path.Split('.');
        return words switch
        {
            [.., var section, "name"] => section,
            [.., var list, var part, var number] when int.TryParse(number, out _) => $"{list}.{part}.{number}",
            _ => words[^1],
        };
    }
}
