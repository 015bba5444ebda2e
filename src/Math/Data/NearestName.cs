namespace Trainer.Data;

/// <summary>Finds what somebody who mistyped a name probably meant.</summary>
public static class NearestName
{
    /// <summary>The allowed name with the fewest edits, if that is few enough to be a slip.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="allowed">What could have been meant.</param>
    /// <returns>
    /// The name, or null when none is near (more than a third of the letters differ, at least two edits allowed).
    /// </returns>
    public static string? Of(string name, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(allowed);
        string lower = name.ToLowerInvariant();
        int limit = Math.Max(2, name.Length / 3);
        return allowed
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= limit) // a quick lower bound of the edits
            .Select(candidate => (Candidate: candidate, Edits: Edits(lower, candidate.ToLowerInvariant())))
            .Where(pair => pair.Edits <= limit && pair.Edits < pair.Candidate.Length)
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary><c>"; did you mean 'NAME'?"</c>, or nothing when no name is near.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="allowed">What could have been meant.</param>
    public static string Hint(string name, IEnumerable<string> allowed) =>
        Of(name, allowed) is { } near ? $"; did you mean '{near}'?" : "";

    // Insertions, deletions, substitutions, and swaps of neighbours (Damerau, 1964; optimal string alignment).
    private static int Edits(string a, string b)
    {
        int[,] distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            distance[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            distance[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(substitution, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                }

                distance[i, j] = best;
            }
        }

        return distance[a.Length, b.Length];
    }
}
