using System.Globalization;
using System.Text.RegularExpressions;

namespace Trainer.Jobs.Documents;

/// <summary>A value as it was written, with its place.</summary>
internal abstract class SourceNode(Place place)
{
    /// <summary>Where it was written.</summary>
    public Place Place { get; } = place;

    /// <summary>The value as errors show it.</summary>
    public abstract string Display { get; }
}

/// <summary>A map, keys in the order in which they were written.</summary>
internal sealed class MapNode(Place place) : SourceNode(place)
{
    /// <summary>Keys and values; overrides change them.</summary>
    public OrderedDictionary<string, MapEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Display => "a map";

    /// <summary>A map of its own, with maps below it of their own; lists and scalars never change.</summary>
    public MapNode Copy()
    {
        var copy = new MapNode(Place);
        foreach ((string key, MapEntry entry) in Entries)
        {
            copy.Entries.Add(key, entry.Value is MapNode map ? entry with { Value = map.Copy() } : entry);
        }

        return copy;
    }
}

/// <summary>A value of a map.</summary>
/// <param name="Place">Where the key was written.</param>
/// <param name="Value">The value.</param>
internal sealed record MapEntry(Place Place, SourceNode Value);

/// <summary>A list.</summary>
internal sealed class ListNode(Place place, IReadOnlyList<SourceNode> items) : SourceNode(place)
{
    /// <summary>The items.</summary>
    public IReadOnlyList<SourceNode> Items { get; } = items;

    /// <inheritdoc/>
    public override string Display => "a list";
}

/// <summary>A scalar. Its type follows YAML 1.2's core schema; what was quoted is text.</summary>
internal sealed partial class ScalarNode(Place place, string text, bool quoted) : SourceNode(place)
{
    /// <summary>The text without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Nothing, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => !quoted && Text is ("" or "~" or "null" or "Null" or "NULL");

    /// <summary>Neither null nor true, false or a number.</summary>
    public bool IsText => !IsNull && !TryBoolean(out _) && !TryNumber(out _);

    /// <inheritdoc/>
    public override string Display => IsNull ? "null" : IsText ? $"\"{Problem.Quote(Text)}\"" : Problem.Quote(Text);

    /// <summary>True or false.</summary>
    public bool TryBoolean(out bool value)
    {
        value = Text is "true" or "True" or "TRUE";
        return !quoted && (value || Text is "false" or "False" or "FALSE");
    }

    /// <summary>A number, infinities and NaN included.</summary>
    public bool TryNumber(out double value)
    {
        value = 0;
        if (quoted)
        {
            return false;
        }

        if (Number().IsMatch(Text))
        {
            value = double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }

        if (NotFinite().IsMatch(Text))
        {
            value = double.NaN;
            return true;
        }

        return false;
    }

    /// <summary>A whole number, however it is written: 1000, 1e3 and 1000.0 are the same, as in JSON Schema.</summary>
    /// <returns>False when it is none, or does not fit.</returns>
    public bool TryInteger(out long value)
    {
        value = 0;
        if (!TryNumber(out double number))
        {
            return false;
        }

        if (long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        const double LargestExact = 1L << 53;
        if (!double.IsInteger(number) || double.Abs(number) > LargestExact)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();
}
