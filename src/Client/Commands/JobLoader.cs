using System.Collections;

using Trainer.Data;
using Trainer.Jobs;

namespace Trainer.Commands;

/// <summary>Reads the job file of a command line with this process' environment.</summary>
internal static class JobLoader
{
    /// <summary>The job of a file, with its overrides; a data path becomes absolute.</summary>
    /// <param name="path">The job file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    public static JobSpec Load(string path, IReadOnlyList<string> overrides)
    {
        JobSpec job = JobFile.Load(path, overrides, EnvironmentVariables());
        return Catalogue.TryGet(job.Data.Source, out _) ? job : job with { Data = Absolute(job.Data, Folder(path)) };
    }

    /// <summary>The folder that relative paths of a job file start from: its own.</summary>
    public static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    private static DataSpec Absolute(DataSpec data, string folder)
    {
        string path = Path.GetFullPath(data.Source, folder);
        return File.Exists(path) ? data with { Source = path } : data;
    }

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
