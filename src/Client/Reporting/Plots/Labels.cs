namespace Trainer.Reporting.Plots;

/// <summary>Names of users in pictures.</summary>
internal static class Labels
{
    /// <summary>A name that fits.</summary>
    /// <param name="text">The name.</param>
    /// <param name="longest">Most characters.</param>
    public static string Shorten(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        // Never half of a surrogate pair.
        int end = char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1;
        return text[..end] + "\u2026";
    }

    /// <summary>Pixels of a picture that a title fits into.</summary>
    public static double TitleWidth(string title) => 40 + (title.Length * 10.2);
}
