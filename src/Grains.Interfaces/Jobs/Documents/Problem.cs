using Trainer.Errors;

namespace Trainer.Jobs.Documents;

/// <summary>Errors of job files: always one line, whatever the file holds.</summary>
internal static class Problem
{
    private const int LongestQuote = 60;

    /// <summary>An error at a place.</summary>
    public static ConfigurationException At(Place place, string message) => new($"{place}: {message}");

    /// <summary>A value or feature that the contract names and that does not exist yet.</summary>
    /// <param name="use">What to write instead.</param>
    public static ConfigurationException NotBuilt(SourceNode node, string path, string use) =>
        At(node.Place, $"'{path}' is {node.Display}, which is not built yet; use {use}.");

    /// <summary>Text of a user, fit for one line: control characters blanked, long texts cut.</summary>
    public static string Quote(string text) =>
        text.Length > LongestQuote ? $"{Line(text[..LongestQuote])}..." : Line(text);

    /// <summary>The text with blanks for what could break or garble a line.</summary>
    public static string Line(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            char c = source[i];
            line[i] = char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? ' ' : c;
        }
    });

    /// <summary><c>a, b or c</c>.</summary>
    public static string OneOf(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} or {names[^1]}";
}
