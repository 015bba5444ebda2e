using System.Collections;

using Trainer.Jobs;

namespace Trainer.Commands;

/// <summary>Reads the job file of a command line with this process' environment.</summary>
internal static class JobLoader
{
    /// <summary>The job of a file with its overrides. The path of its data becomes absolute.</summary>
    /// <param name="path">The job file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <remarks>
    /// A relative path of data starts from the job file's folder, so that a job works from anywhere; where there is no
    /// such file, from the working folder.
    /// </remarks>
    /// <exception cref="Errors.ConfigurationException">The job cannot be used.</exception>
    public static JobSpec Load(string path, IReadOnlyList<string> overrides)
    {
        JobSpec job = JobFile.Load(path, overrides, EnvironmentVariables());
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        string? file = new[] { Path.Combine(folder, job.Data.Source), Path.GetFullPath(job.Data.Source) }
            .FirstOrDefault(File.Exists);
        return file is null ? job : job with { Data = job.Data with { Source = Path.GetFullPath(file) } };
    }

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
