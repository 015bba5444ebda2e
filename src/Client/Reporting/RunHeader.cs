using System.Text.Json.Nodes;

namespace Trainer.Reporting;

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Lines">For people: a label and a text a line.</param>
/// <param name="Fields">For programs: the fields of the event <c>started</c>.</param>
internal sealed record RunHeader(IReadOnlyList<(string Label, string Text)> Lines, JsonObject Fields)
{
    private const int Width = 80;

    /// <summary>The lines in 80 columns, labels in a column of their own.</summary>
    public IEnumerable<string> Wrapped()
    {
        int width = Lines.Max(line => line.Label.Length);
        foreach ((string label, string text) in Lines)
        {
            string indent = label.PadRight(width) + "  ";
            foreach (string line in TextLines.Wrap(text, Width - indent.Length))
            {
                yield return indent + line;
                indent = new string(' ', indent.Length);
            }
        }
    }
}
