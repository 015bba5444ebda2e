using System.Globalization;

namespace Trainer.Checkpoints;

/// <summary>
/// The right to write into a run folder: a file <c>claim-INCARNATION</c>, created exclusively. Whoever holds the
/// highest one has it; all others, such as a process that was stopped for a while, must not write any more.
/// </summary>
/// <remarks>
/// An OS lock would not do: a stopped process keeps it. The name alone counts, so a full disk does no harm.
/// </remarks>
public sealed class CheckpointClaim
{
    private const string Prefix = "claim-";

    private readonly string _folder;
    private readonly ICheckpointFiles _files;

    private CheckpointClaim(string folder, ICheckpointFiles files, int incarnation) =>
        (_folder, _files, Incarnation) = (folder, files, incarnation);

    /// <summary>The incarnation, from 1.</summary>
    public int Incarnation { get; }

    /// <summary>Claims the next incarnation; also removes what earlier ones left half written.</summary>
    /// <param name="folder">Folder of the checkpoints, created where it does not exist.</param>
    /// <param name="files">The file system.</param>
    /// <param name="after">The incarnation that it has to follow; null: whichever is the highest.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="ClaimLostException">Another one has followed that incarnation.</exception>
    public static CheckpointClaim Take(string folder, ICheckpointFiles files, int? after = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        files.CreateFolder(folder);
        while (true)
        {
            int highest = Highest(files.List(folder));
            int incarnation = highest + 1;
            if (after is { } last && highest > last)
            {
                throw Lost(highest, last);
            }

            string path = PathOf(folder, incarnation);
            try
            {
                files.Create(path).Dispose();
            }
            catch (IOException) when (Highest(files.List(folder)) >= incarnation)
            {
                // Somebody was faster.
                continue;
            }

            files.FlushFolder(folder);
            RemoveRest(folder, files);
            return new CheckpointClaim(folder, files, incarnation);
        }
    }

    /// <summary>Refuses to go on when somebody else has claimed a higher incarnation.</summary>
    /// <exception cref="ClaimLostException">Somebody has.</exception>
    /// <exception cref="IOException">The folder cannot be read, or the claim is gone.</exception>
    public void Require()
    {
        int highest = Highest(_files.List(_folder));
        if (highest > Incarnation)
        {
            throw Lost(highest, Incarnation);
        }

        if (highest < Incarnation)
        {
            throw new IOException($"'{PathOf(_folder, Incarnation)}' is gone.");
        }
    }

    private static ClaimLostException Lost(int highest, int incarnation) => new(
        $"incarnation {highest} of the job has taken its folder over; incarnation {incarnation} must end.");

    // Checkpoints count too: someone may have removed the claims.
    private static int Highest(IEnumerable<string> names) => names
        .Select(name => name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : CheckpointName.OfManifest(name)?.Incarnation ?? 0)
        .DefaultIfEmpty(0)
        .Max();

    private static string PathOf(string folder, int incarnation) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{incarnation}"));

    // Who wrote it has lost the folder, and could not publish it.
    private static void RemoveRest(string folder, ICheckpointFiles files)
    {
        IReadOnlyList<string> names = files.List(folder);
        HashSet<string> whole =
            [.. names.Select(CheckpointName.OfManifest).OfType<CheckpointName>().Select(name => name.File)];
        foreach (string name in names)
        {
            bool isContent = name.EndsWith(CheckpointWriter.ContentExtension, StringComparison.Ordinal);
            if (name.EndsWith(CheckpointWriter.TemporaryExtension, StringComparison.Ordinal)
                || (isContent && !whole.Contains(name)))
            {
                files.Delete(Path.Combine(folder, name));
            }
        }
    }
}
