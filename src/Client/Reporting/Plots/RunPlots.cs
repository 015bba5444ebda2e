using Trainer.Backends;
using Trainer.Commands;
using Trainer.Data;
using Trainer.Formats;
using Trainer.Inference;
using Trainer.Metrics;
using Trainer.Models;
using Trainer.Training;

namespace Trainer.Reporting.Plots;

/// <summary>The pictures of one run; each is drawn when it is asked for, or says why it cannot be.</summary>
/// <param name="run">The run.</param>
/// <param name="file">File with labelled rows as the user named it; null: the run's own.</param>
internal sealed class RunPlots(RunReference run, string? file, CancellationToken cancellationToken)
{
    /// <summary>Loss by epoch.</summary>
    public const string LearningCurveKind = "learning-curve";

    /// <summary>ROC with its area.</summary>
    public const string RocKind = "roc";

    /// <summary>Confusion matrix.</summary>
    public const string ConfusionKind = "confusion";

    /// <summary>Decision boundary.</summary>
    public const string BoundaryKind = "decision-boundary";

    /// <summary>The network.</summary>
    public const string NetworkKind = "network";

    private readonly Lazy<TrainedModel> _model = new(() => Load(run));
    private PlotRows? _rows;
    private EvaluationSums? _sums;

    /// <summary>All kinds, in the order in which they are drawn.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [LearningCurveKind, RocKind, ConfusionKind, BoundaryKind, NetworkKind];

    /// <summary>Draws a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <returns>The picture as SVG.</returns>
    /// <exception cref="CommandException">The run has no such picture; the message says why.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public string Draw(string kind) => kind switch
    {
        LearningCurveKind => LearningCurve(),
        RocKind => Roc(),
        ConfusionKind => Confusion(),
        BoundaryKind => Boundary(),
        NetworkKind => NetworkPlot.Draw(run.Id, _model.Value.File),
        _ => throw new ArgumentException($"'{kind}' is no kind; there are {string.Join(", ", Kinds)}.", nameof(kind)),
    };

    private static TrainedModel Load(RunReference run)
    {
        var model = ModelFile.Load(run.RequireModel());
        return new TrainedModel(model, new ParameterLayout(model.Architecture).FromRowMajor(model.Parameters));
    }

    private string LearningCurve()
    {
        var curve = Plots.LearningCurve.Parse(File.Exists(run.MetricsPath) ? File.ReadLines(run.MetricsPath) : []);
        return curve.Train.Count > 0
            ? curve.Draw(run.Id, SummaryFile.TryRead(run.SummaryPath)?.BestEpoch)
            : throw new CommandException(
                $"run '{run.Id}' has no epoch in '{run.MetricsPath}'; train it for one at least.");
    }

    private string Roc()
    {
        TrainedModel model = RequireBinary();
        EvaluationSums sums = Sums();
        if (sums.PositiveScores.Length == 0 || sums.NegativeScores.Length == 0)
        {
            throw new CommandException($"a ROC curve needs rows of both classes, but the {Rows().Name} has one only.");
        }

        double limit = TrainedModel.SmallestPositiveLogit(model.File.Threshold);
        var curve = RocCurve.Create(sums.PositiveScores, sums.NegativeScores);
        return curve.Draw(
            Named(),
            model.File.Pipeline.ClassNames[1],
            model.File.Threshold,
            (Share(sums.NegativeScores, limit), Share(sums.PositiveScores, limit)));
    }

    private string Confusion()
    {
        IReadOnlyList<string> classes = RequireClasses();
        if (classes.Count > ConfusionPlot.MostClasses)
        {
            throw new CommandException(
                $"a picture shows at most {ConfusionPlot.MostClasses} classes, but the model has {classes.Count}; "
                + "'trainer evaluate' counts them.");
        }

        EvaluationSums sums = Sums();
        IReadOnlyList<long> counts = sums.Confusion;
        if (_model.Value.IsBinary)
        {
            double limit = TrainedModel.SmallestPositiveLogit(_model.Value.File.Threshold);
            long wrongPositives = sums.NegativeScores.LongCount(logit => logit >= limit);
            long rightPositives = sums.PositiveScores.LongCount(logit => logit >= limit);
            counts =
            [
                sums.NegativeScores.Length - wrongPositives, wrongPositives,
                sums.PositiveScores.Length - rightPositives, rightPositives,
            ];
        }

        return ConfusionPlot.Draw(Named(), classes, counts);
    }

    private string Boundary()
    {
        IReadOnlyList<string> classes = RequireClasses();
        TrainedModel model = _model.Value;
        IReadOnlyList<string> features = model.File.Pipeline.FeatureColumns;
        if (features.Count != 2)
        {
            throw new CommandException(
                $"a decision boundary is drawn for models of 2 columns, but this one has {features.Count}.");
        }

        IReadOnlyList<(double X, double Y, int Class)> points = Rows().Points(model, cancellationToken);
        if (points.Count == 0)
        {
            throw new CommandException(
                $"a decision boundary needs numbers in '{features[0]}' and '{features[1]}', but no row has both.");
        }

        var plot = new BoundaryPlot(Named(), features, classes, points);
        RowSet grid = GridRows.Create(model, Rows().Source, plot.Grid(), cancellationToken);
        float[] probabilities = Evaluator.Predict(model.Network, model.Weights, grid, SerialTeam.Instance);
        return plot.Draw(probabilities, model.File.Threshold);
    }

    private static double Share(float[] logits, double limit) =>
        (double)logits.LongCount(logit => logit >= limit) / logits.Length;

    private string Named() => $"{run.Id}, {Rows().Name}";

    private TrainedModel RequireBinary() => _model.Value.IsBinary
        ? _model.Value
        : throw new CommandException("a ROC curve needs a model of two classes with a sigmoid output.");

    private IReadOnlyList<string> RequireClasses() => _model.Value.File.Pipeline.ClassNames is { Length: > 0 } classes
        ? classes
        : throw new CommandException("the model is a regression; it has no classes to draw.");

    private PlotRows Rows() => _rows ??= file is null
        ? PlotRows.OfRun(run, cancellationToken)
        : PlotRows.OfFile(_model.Value, file, cancellationToken);

    private EvaluationSums Sums() => _sums ??= Evaluator.Evaluate(
        _model.Value.Network, _model.Value.Weights, Rows().Rows, SerialTeam.Instance);
}
