using System.Text.Encodings.Web;
using System.Text.Json;

using Trainer.Commands;
using Trainer.Data;
using Trainer.Errors;
using Trainer.Jobs;
using Trainer.Reporting;
using Trainer.Training;

namespace Trainer.Sweeps;

/// <summary>
/// A sweep that was read, validated and planned against its data: all that can be wrong has been said.
/// </summary>
/// <param name="File">The sweep file; paths of its data are absolute.</param>
/// <param name="Job">The job that trials vary, planned.</param>
internal sealed record PreparedSweep(SweepFile File, PreparedJob Job)
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>SHA-256 of the data.</summary>
    public string DataSha256 => Job.Data.Request.Source.Sha256;

    /// <summary>Reads a sweep file and plans it, with a line every two seconds while big data is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>path=value</c> in order.</param>
    /// <param name="shown">Takes the lines.</param>
    /// <exception cref="ConfigurationException">The sweep cannot be used.</exception>
    /// <exception cref="DataException">Its data cannot be used.</exception>
    public static Task<PreparedSweep> LoadAsync(
        string path, IReadOnlyList<string> overrides, LoadProgress shown, CancellationToken cancellationToken)
    {
        string folder = JobLoader.Folder(path);
        SweepFile file = WithAbsoluteData(JobLoader.LoadSweep(path, overrides), folder);
        return PlanAsync(file, folder, shown, cancellationToken);
    }

    /// <summary>Plans a sweep that goes on.</summary>
    /// <param name="text">What its folder holds.</param>
    /// <param name="shown">Takes the lines.</param>
    public static Task<PreparedSweep> LoadAsync(
        SweepText text, LoadProgress shown, CancellationToken cancellationToken) =>
        PlanAsync(SweepFile.Parse(text), folder: "", shown, cancellationToken);

    private static async Task<PreparedSweep> PlanAsync(
        SweepFile file, string folder, LoadProgress shown, CancellationToken cancellationToken)
    {
        if (file.Job.Split.Folds is not null)
        {
            throw new ConfigurationException(
                $"{file.Text.Name}: 'split.folds' and 'sweep' exclude each other: a trial is judged by one split; "
                + "leave the folds out, and set 'sweep.repeats' for more seeds.");
        }

        var progress = new ReadProgress();
        PreparedJob job = await shown.RunAsync(
            () => PreparedJob.Of(file.Job, folder, cancellationToken, progress),
            () => LoadProgress.Planning(file.Text.Name, progress),
            cancellationToken);
        RequireMetric(file, job);
        return new PreparedSweep(file, job);
    }

    private static void RequireMetric(SweepFile file, PreparedJob job)
    {
        string metric = file.Sweep.Metric;
        IReadOnlyList<string> reported = job.ReportedMetrics();
        if (reported.Contains(metric))
        {
            return;
        }

        (DataPart part, string name) = SweepMetric.Parse(metric);
        string partName = part.ToString().ToLowerInvariant();
        bool isEmpty = job.Data.Rows(part) == 0;
        string[] others = [.. reported.Where(other => other.EndsWith($".{name}", StringComparison.Ordinal))];
        string hint = NearestName.Hint(metric, reported);
        string help = isEmpty && others.Length == 0 ? $"; give 'split.{partName}' rows."
            : isEmpty ? $"; use {string.Join(" or ", others)}, or give 'split.{partName}' rows."
            : hint.Length > 0 ? hint
            : $"; it has {string.Join(", ", reported)}.";
        throw new ConfigurationException(
            $"{file.Text.Name}: 'sweep.metric' is {metric}, but "
            + (isEmpty ? $"the {partName} part has no rows{help}" : $"the job does not report it{help}"));
    }

    // From then on the text can be read on any machine that has the files, in any folder.
    private static SweepFile WithAbsoluteData(SweepFile file, string folder)
    {
        JobSpec job = file.Job;
        JobSpec absolute = JobLoader.WithAbsoluteData(job, folder);
        List<string> sets = [];
        Set("data.source", job.Data.Source, absolute.Data.Source);
        Set("data.target", string.Join('\n', job.Data.Target), string.Join('\n', absolute.Data.Target));
        Set("split.test_source", job.Split.TestSource, absolute.Split.TestSource);
        Set("split.test_target", job.Split.TestTarget, absolute.Split.TestTarget);
        Set("model.initial_weights", job.Model.InitialWeights, absolute.Model.InitialWeights);
        return sets.Count == 0
            ? file
            : SweepFile.Parse(file.Text with { Overrides = [.. file.Text.Overrides, .. sets] });

        void Set(string path, string? given, string? found)
        {
            if (found is not null && found != given)
            {
                sets.Add($"{path}={JsonSerializer.Serialize(found, Plain)}");
            }
        }
    }
}
