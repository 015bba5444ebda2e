namespace Trainer.Commands;

/// <summary>The file of <c>-o</c>: what cannot be written is said before anything is computed.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file that cannot be written, or that is the input.</summary>
    /// <param name="target">Value of <c>-o</c>.</param>
    /// <param name="input">The file that is read.</param>
    /// <exception cref="CommandException">It is refused (exit code 2).</exception>
    public static void RequireWritable(string target, string input)
    {
        string path = Path.GetFullPath(target);
        string reason = Directory.Exists(path) ? "it is a folder"
            : path.StartsWith("/dev/", StringComparison.Ordinal) ? "it is a device; leave '-o' out for standard output"
            : !Directory.Exists(Path.GetDirectoryName(path)) ? "its folder does not exist"
            : Resolve(path) == Resolve(Path.GetFullPath(input)) ? "it is the input; choose another file"
            : "";
        if (reason.Length > 0)
        {
            throw new CommandException($"'-o' is '{target}': {reason}.");
        }
    }

    private static string Resolve(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
}
