using System.Collections;

using Trainer.Data;
using Trainer.Jobs;

namespace Trainer.Commands;

/// <summary>Reads the job file of a command line with this process' environment.</summary>
internal static class JobLoader
{
    /// <summary>The job of a file with its overrides.</summary>
    /// <param name="path">The job file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <exception cref="Errors.ConfigurationException">The job cannot be used.</exception>
    public static JobSpec Load(string path, IReadOnlyList<string> overrides) =>
        JobFile.Load(path, overrides, EnvironmentVariables());

    /// <summary>The sweep of a file with its overrides.</summary>
    /// <param name="path">The sweep file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <exception cref="Errors.ConfigurationException">The sweep cannot be used.</exception>
    public static SweepFile LoadSweep(string path, IReadOnlyList<string> overrides) =>
        SweepFile.Load(path, overrides, EnvironmentVariables());

    /// <summary>The folder that a relative path of data starts from first: that of the job file.</summary>
    public static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";

    /// <summary>The job with the absolute paths of its files, so that it can be read from anywhere.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">The job file's folder.</param>
    public static JobSpec WithAbsoluteData(JobSpec job, string folder)
    {
        string source = Absolute(job.Data.Source, folder);
        bool isArray = File.Exists(source) && Catalogue.FormatOf(Catalogue.Register(source)) != "csv";
        job = WithAbsoluteFolds(job, folder);
        return job with
        {
            Data = job.Data with
            {
                Source = source,
                Target = isArray ? [.. job.Data.Target.Select(file => Absolute(file, folder))] : job.Data.Target,
            },
            Split = job.Split with
            {
                TestSource = job.Split.TestSource is { } test ? Absolute(test, folder) : null,
                TestTarget = job.Split.TestTarget is { } labels ? Absolute(labels, folder) : null,
            },
            Model = job.Model with { InitialWeights = InitialWeightsFile.Find(job, folder) },
        };
    }

    /// <summary>A job whose fold file, if it has one, is found like its data.</summary>
    public static JobSpec WithAbsoluteFolds(JobSpec job, string folder) => job.Split.Folds?.File is not { } file
        ? job
        : job with { Split = job.Split with { Folds = new FoldsSpec(0, Absolute(file, folder)) } };

    private static string Absolute(string source, string folder) =>
        File.Exists(Path.Combine(folder, source)) ? Path.GetFullPath(source, folder)
        : File.Exists(source) && !Catalogue.TryGet(source, out _) ? Path.GetFullPath(source)
        : source;

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
