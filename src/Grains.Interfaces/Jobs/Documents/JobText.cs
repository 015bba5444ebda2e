using System.Text;
using System.Text.RegularExpressions;

using Trainer.Errors;

namespace Trainer.Jobs.Documents;

/// <summary>The text of a job file on disk.</summary>
internal static partial class JobText
{
    private const int LongestName = 64;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It is not a readable, small, regular file of UTF-8 text.</exception>
    public static string Read(string path)
    {
        try
        {
            return Decode(ReadBytes(path), path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            string where = Path.IsPathRooted(path) ? "" : $" in {Directory.GetCurrentDirectory()}";
            throw Error(path, $"no such file{where}.");
        }
        catch (UnauthorizedAccessException)
        {
            throw Error(path, "the file cannot be read: permission denied.");
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            throw Error(path, $"the file cannot be read: {Problem.Line(error.Message)}");
        }
    }

    /// <summary>The name of a job whose file gives none: the file's, made to fit the pattern of names.</summary>
    public static string NameOf(string path)
    {
        string name = NotInNames().Replace(Path.GetFileNameWithoutExtension(path), "-").TrimStart('.');
        name = name.Length > LongestName ? name[..LongestName] : name;
        return name.Length == 0 ? new JobSpec().Name : name;
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw Error(path, "this is a folder; give a job file.");
        }

        // Opening a pipe would wait for its writer for ever. Pipes and devices have no length: they never get that far.
        var file = new FileInfo(path);
        long length = ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length;
        if (length == 0)
        {
            throw Error(
                path, "the file is empty or no regular file; give a job file with at least 'data: {source: ...}'.");
        }

        if (length > YamlReader.LargestText)
        {
            throw Error(
                path,
                $"the file is larger than {YamlReader.LargestText} bytes; a job file is a few lines of YAML or JSON.");
        }

        return File.ReadAllBytes(path);
    }

    private static string Decode(byte[] bytes, string path)
    {
        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            string text = strict.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw Error(path, "the file is not UTF-8 text; save it as UTF-8.");
        }
    }

    private static ConfigurationException Error(string path, string message) =>
        Problem.At(new Place(path.Length == 0 ? "job file" : Problem.Line(path), 0), message);

    [GeneratedRegex("[^A-Za-z0-9._-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();
}
