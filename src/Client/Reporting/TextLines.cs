namespace Trainer.Reporting;

/// <summary>Text in lines of a width.</summary>
internal static class TextLines
{
    /// <summary>Breaks a text between words; a word that is longer stays whole.</summary>
    /// <param name="text">Words with single blanks between them.</param>
    /// <param name="width">Longest line.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
