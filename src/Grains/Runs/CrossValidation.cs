using System.Collections.Immutable;
using System.Globalization;

using Trainer.Data;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;

namespace Trainer.Runs;

/// <summary>The folds of a job, one after the other: each with a crew of its own, <c>JOB-fold-1</c>.</summary>
/// <param name="grains">Makes grain references.</param>
/// <param name="submission">The job.</param>
/// <param name="progress">What watchers see.</param>
/// <param name="time">The clock.</param>
internal sealed class CrossValidation(
    IGrainFactory grains, JobSubmission submission, ProgressLog progress, TimeProvider time)
{
    private readonly (DataPlan Data, JobPlan Plan)[] _folds =
    [
        .. submission.FoldPlans.Select(DataPlan.FromJson).Select(data => (data, JobPlan.Create(submission.Job, data))),
    ];

    /// <summary>Address of the silo that leads the job; null: the grains do not watch it.</summary>
    public string? Leader { get; init; }

    /// <summary>Trains and tests every fold.</summary>
    /// <param name="silos">Names of the silos to use.</param>
    /// <param name="working">Told of the crew that works now.</param>
    /// <param name="traceParent">Span to hang the epochs below.</param>
    /// <param name="cancellationToken">Ends at the next range of steps.</param>
    public async Task<IReadOnlyList<FoldResult>> RunAsync(
        ImmutableArray<string> silos, Action<JobCrew> working, string? traceParent, CancellationToken cancellationToken)
    {
        var results = new List<FoldResult>();
        long started = time.GetTimestamp();
        foreach ((int index, (DataPlan data, JobPlan plan)) in _folds.Index())
        {
            int number = index + 1;
            string id = string.Create(CultureInfo.InvariantCulture, $"{submission.JobId}-fold-{number}");
            var crew = new JobCrew(grains, id, plan, silos, submission.InitialWeights) { Leader = Leader };
            working(crew);
            try
            {
                JobSubmission fold = submission with { DataPlan = submission.FoldPlans[index] };
                var runner = new JobRunner(fold, plan, data, crew, progress, time)
                {
                    Fold = new FoldPlace(number, _folds.Length),
                    Started = started,
                };
                await runner.RunAsync(traceParent, cancellationToken);
                results.Add(new FoldResult(
                    number, data.Rows(DataPart.Train), data.Rows(DataPart.Test), runner.Summary));
                progress.Trained();
                progress.Tell(Line(results[^1]));
            }
            finally
            {
                await crew.ReleaseAsync();
            }
        }

        return results;
    }

    private string Line(FoldResult result) => string.Join("  ",
    [
        string.Create(CultureInfo.InvariantCulture, $"fold {result.Number}/{_folds.Length} tested"),
        .. result.Test
            .Where(metric => MetricNames.IsHeadline(metric.Name))
            .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value:0.0000}")),
    ]);
}
