using Trainer.Data;
using Trainer.Errors;

namespace Trainer.Jobs;

/// <summary>The sources that a job names: its rows, and its test part where that is a source of its own.</summary>
/// <param name="Source">The rows, with their label file.</param>
/// <param name="Test">The test part; null: a fraction of the rows.</param>
internal sealed record JobData(DataSource Source, DataSource? Test)
{
    private const string Auto = "auto";
    private const string Csv = "csv";

    /// <summary>Finds and registers them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Folder that relative paths start from first.</param>
    /// <exception cref="DataException">A file is not there or cannot be read.</exception>
    /// <exception cref="ConfigurationException">Format, source and target do not fit.</exception>
    public static JobData Find(JobSpec job, string folder)
    {
        DataSource source = Register(job.Data.Source, folder);
        if (source.Labels is null)
        {
            source = WithLabels(source, job.Data, folder);
        }

        DataSource? test = job.Split.TestSource is { } path
            ? WithLabels(Register(path, folder), job.Split.TestTarget, "split.test_target", folder)
            : Catalogue.FindTest(job.Data.Source);
        return new JobData(source, test);
    }

    /// <summary>The section <c>data</c> with absolute paths.</summary>
    public static DataSpec Resolved(DataSpec data, DataRequest request) => FileSet.Find(data.Source) is not null
        ? data
        : data with
        {
            Source = request.Source.Path ?? request.Source.Name,
            Target = request.Source.Labels?.Path is { } labels ? [labels] : data.Target,
        };

    /// <summary>The section <c>split</c> with absolute paths and the fractions that hold.</summary>
    /// <remarks>The request of a fold has no test source of its own: there, what is resolved already stays.</remarks>
    public static SplitSpec Resolved(SplitSpec split, DataRequest request) => split with
    {
        Train = request.Train,
        Validation = request.Validation,
        Test = request.Test,
        TestSource = split.TestSource is not null && request.TestSource is { } test
            ? test.Path ?? test.Name
            : split.TestSource,
        TestTarget = split.TestTarget is not null && request.TestSource?.Labels is { } labels
            ? labels.Path
            : split.TestTarget,
    };

    // A relative path starts at the folder; a file that is not there is looked for in the current one.
    private static DataSource Register(string source, string folder)
    {
        bool inCurrentFolder =
            !File.Exists(Path.Combine(folder, source)) && File.Exists(source) && !Catalogue.TryGet(source, out _);
        return Catalogue.Find(source, inCurrentFolder ? null : folder);
    }

    private static DataSource WithLabels(DataSource source, DataSpec data, string folder)
    {
        string format = Catalogue.FormatOf(source);
        if (data.Format != Auto && data.Format != format)
        {
            throw new ConfigurationException(
                $"'data.format' is {data.Format}, but '{source.Name}' is {format}; set it to that or to auto.");
        }

        if (data.Target.Length > 1 && format != Csv)
        {
            throw new ConfigurationException(
                $"'data.target' has {data.Target.Length} names, but '{source.Name}' is {format}; name its label file.");
        }

        return format == Csv ? source : WithLabels(source, data.Target.FirstOrDefault(), "data.target", folder);
    }

    private static DataSource WithLabels(DataSource source, string? labels, string key, string folder)
    {
        string format = Catalogue.FormatOf(source);
        if (format == Csv)
        {
            return labels is null
                ? source
                : throw new ConfigurationException(
                    $"'{key}' is {labels}, but '{source.Name}' is CSV, which has its target in a column; leave it "
                    + "out.");
        }

        if (source.Labels is not null)
        {
            return source;
        }

        DataSource file = labels is null
            ? throw new ConfigurationException(
                $"'{key}' is missing; name the label file of '{source.Name}' ({format}).")
            : File.Exists(Path.Combine(folder, labels)) || File.Exists(labels) ? Register(labels, folder)
            : throw new ConfigurationException(
                $"'{key}' is {labels}, and there is no such file; name the label file of '{source.Name}' ({format}).");
        return Catalogue.FormatOf(file) != Csv
            ? source with { Labels = file }
            : throw new ConfigurationException(
                $"'{key}' is {file.Name}, which is no IDX or NPY file; name the label file of '{source.Name}'.");
    }
}
