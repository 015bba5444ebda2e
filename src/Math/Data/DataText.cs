using System.Text;

namespace Trainer.Data;

/// <summary>Pieces of data in messages: short, and on one line.</summary>
internal static class DataText
{
    private const int Longest = 60;
    private const int MostItems = 12;

    /// <summary>A value as it may stand in a message: control characters escaped, cut after 60 characters.</summary>
    public static string Show(ReadOnlySpan<char> value)
    {
        var text = new StringBuilder();
        foreach (char character in value[..Math.Min(value.Length, Longest)])
        {
            _ = character switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' =>
                    text.Append("\\u").Append(((int)character).ToString("x4", null)),
                _ => text.Append(character),
            };
        }

        return value.Length > Longest ? text.Append("...").ToString() : text.ToString();
    }

    /// <summary>The same for UTF-8 bytes, valid or not.</summary>
    public static string Show(ReadOnlySpan<byte> value)
    {
        // Four bytes are the longest character: no more than these can be shown.
        ReadOnlySpan<byte> head = value[..Math.Min(value.Length, 4 * (Longest + 1))];
        return Show(Encoding.UTF8.GetString(head));
    }

    /// <summary>Names in a message: the first twelve, then how many more.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        string shown = string.Join(", ", names.Take(MostItems).Select(name => Show(name)));
        return names.Count > MostItems ? $"{shown} and {names.Count - MostItems} more" : shown;
    }
}
