using System.Globalization;

using Trainer.Data;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Metrics;
using Trainer.Recovery;

namespace Trainer.Runs;

/// <summary>The folds of a job, one after the other: each with a crew of its own, <c>JOB-fold-1</c>.</summary>
/// <param name="grains">Makes grain references.</param>
/// <param name="run">What the trainings of the job share.</param>
internal sealed class CrossValidation(IGrainFactory grains, JobRun run)
{
    private readonly JobSubmission _submission = run.Submission;
    private readonly (DataPlan Data, JobPlan Plan)[] _folds =
    [
        .. run.Submission.FoldPlans
            .Select(DataPlan.FromJson)
            .Select(data => (data, JobPlan.Create(run.Submission.Job, data))),
    ];

    /// <summary>Address of the silo that leads the job; null: the grains do not watch it.</summary>
    public string? Leader { get; init; }

    /// <summary>Trains and tests every fold; those that a checkpoint has are not run again.</summary>
    /// <param name="watch">The silos to use.</param>
    /// <param name="working">Told of the crew that works now; who calls releases it when it fails.</param>
    /// <param name="traceParent">Span to hang the epochs below.</param>
    /// <param name="cancellationToken">Ends at the next range of steps.</param>
    public async Task<IReadOnlyList<FoldResult>> RunAsync(
        CrewWatch watch, Action<JobCrew> working, string? traceParent, CancellationToken cancellationToken)
    {
        List<FoldResult> results = [.. (run.From?.Folds ?? []).Select(FoldResult.Of)];
        foreach ((int index, (DataPlan data, JobPlan plan)) in _folds.Index().Skip(results.Count))
        {
            int number = index + 1;
            string id = string.Create(CultureInfo.InvariantCulture, $"{_submission.JobId}-fold-{number}");
            var crew = new JobCrew(grains, id, run.Incarnation, plan, watch, _submission.InitialWeights)
            {
                Leader = Leader,
            };
            working(crew);
            var runner = new JobRunner(run, plan, data, crew)
            {
                Fold = new FoldPlace(number, _folds.Length),
                From = run.From?.Fold == number ? run.From : null,
            };
            runner.Summary.Folds = [.. results];
            await runner.RunAsync(_submission.FoldPlans[index], traceParent, cancellationToken);
            results.Add(new FoldResult(
                number, data.Rows(DataPart.Train), data.Rows(DataPart.Test), runner.Summary));
            run.Progress.Trained();
            run.Progress.Tell(Line(results[^1]));
            await run.Saver.EndAsync();
            await crew.ReleaseAsync();
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
