using Trainer.Clusters;
using Trainer.Commands;

namespace Trainer.Cluster;

/// <summary>
/// Held by the one command that may change a cluster. The kernel gives it back when the command ends in any way; silos
/// never hold it.
/// </summary>
internal sealed class CommandLock : IDisposable
{
    private const string FileName = "command.lock";

    private readonly FileStream _file;

    private CommandLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="CommandException">Another command holds it.</exception>
    public static CommandLock Take(ClusterFolder folder)
    {
        string path = Path.Combine(folder.Path, FileName);
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw new CommandException(
                    $"Another command is changing cluster '{folder.Name}' right now; try again when it is done.");
            }

            // The last holder removed the file: who opened it before holds a lock on nothing. The kernel knows the name
            // that is left.
            var open = new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");
            if (Path.GetFileName(open.LinkTarget) == FileName)
            {
                return new CommandLock(file);
            }

            file.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
