using System.Security.Cryptography;

using Trainer.Commands;
using Trainer.Data;
using Trainer.Formats;

namespace Trainer.Datasets;

/// <summary>Downloads the files of a set and checks each against its SHA-256 before it gets its name.</summary>
/// <param name="client">Sends the requests.</param>
internal sealed class SetDownload(HttpClient client)
{
    /// <summary>Downloads what is not there yet.</summary>
    /// <param name="set">The set.</param>
    /// <param name="folder">Folder for its files; it is made.</param>
    /// <param name="progress">Takes a line a file.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="CommandException">A file cannot be downloaded, or is not the one it should be.</exception>
    public async Task RunAsync(
        FileSet set, string folder, Action<string> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < FileSet.Files.Length; i++)
        {
            string name = $"{FileSet.Files[i]}.gz";
            string path = Path.Combine(folder, name);
            if (File.Exists(path) && Hash(await File.ReadAllBytesAsync(path, cancellationToken)) == set.Sha256[i])
            {
                progress($"{path}: already there");
                continue;
            }

            byte[] content = await GetAsync(new Uri(set.Url + name), cancellationToken);
            if (Hash(content) != set.Sha256[i])
            {
                throw new CommandException(
                    $"'{set.Url}{name}' has SHA-256 {Hash(content)}, not {set.Sha256[i]}; nothing was written.");
            }

            AtomicFile.WriteAllBytes(path, content);
            progress($"{path}: {content.Length} bytes, SHA-256 as expected");
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task<byte[]> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetByteArrayAsync(url, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new CommandException(
                $"'{url}' cannot be downloaded ({reason}); check the network, or download it elsewhere and put it into "
                + "a folder of TRAINER_DATA.");
        }
    }
}
