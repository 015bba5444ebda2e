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

    /// <summary>Gradient norms by epoch.</summary>
    public const string GradientsKind = "gradients";

    /// <summary>Prediction over the one feature.</summary>
    public const string FitKind = "fit";

    /// <summary>Outputs of the hidden units.</summary>
    public const string HiddenUnitsKind = "hidden-units";

    /// <summary>The network.</summary>
    public const string NetworkKind = "network";

    private readonly Lazy<TrainedModel> _model = new(() => Load(run));
    private PlotRows? _rows;
    private EvaluationSums? _sums;

    /// <summary>All kinds, in the order in which they are drawn.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        LearningCurveKind,
        GradientsKind,
        RocKind,
        ConfusionKind,
        BoundaryKind,
        FitKind,
        HiddenUnitsKind,
        NetworkKind,
    ];

    /// <summary>Draws a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <returns>The picture as SVG.</returns>
    /// <exception cref="CommandException">The run has no such picture; the message says why.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public string Draw(string kind) => kind switch
    {
        LearningCurveKind => LearningCurve(),
        GradientsKind => Gradients(),
        RocKind => Roc(),
        ConfusionKind => Confusion(),
        BoundaryKind => Boundary(),
        FitKind => Fit(),
        HiddenUnitsKind => HiddenUnits(),
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
        var curve = Plots.LearningCurve.Parse(Epochs());
        return curve.Train.Count > 0
            ? curve.Draw(run.Id, SummaryFile.TryRead(run.SummaryPath)?.BestEpoch)
            : throw new CommandException(
                $"run '{run.Id}' has no epoch in '{run.MetricsPath}'; train it for one at least.");
    }

    private string Gradients()
    {
        var curve = GradientCurve.Parse(Epochs());
        return curve.Layers.Any(layer => layer.Count > 0)
            ? curve.Draw(run.Id)
            : throw new CommandException(
                $"run '{run.Id}' has no 'gradient_norms' in '{run.MetricsPath}'; train it for one epoch at least.");
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

        var plot = new BoundaryPlot(
            Named(), features, classes, [.. Points().Select(row => (row.Values[0], row.Values[1], (int)row.Target))]);
        return plot.Draw(Predict(plot.Grid().Select(at => new[] { at.X, at.Y })), model.File.Threshold);
    }

    private string Fit()
    {
        TrainedModel model = _model.Value;
        IReadOnlyList<string> features = model.File.Pipeline.FeatureColumns;
        IReadOnlyList<string> targets = model.File.Pipeline.TargetColumns;
        if (features.Count != 1 || targets.Count != 1)
        {
            throw new CommandException(
                $"a fit is drawn for models of 1 column and 1 target, but this one has {features.Count} and "
                + $"{targets.Count}.");
        }

        var plot = new FitPlot(
            Named(),
            features[0],
            targets[0],
            model.File.Pipeline.ClassNames,
            [.. Points().Select(row => (row.Values[0], row.Target))]);
        return plot.Draw(Predict(plot.Grid().Select(x => new[] { x })), model.File.Threshold);
    }

    private string HiddenUnits()
    {
        TrainedModel model = _model.Value;
        IReadOnlyList<string> features = model.File.Pipeline.FeatureColumns;
        if (model.Network.Hidden.IsEmpty)
        {
            throw new CommandException("the model has no hidden layer whose units could be drawn.");
        }

        // Text columns have no points.
        if (features.Count == 2
            && Rows().Points(model, cancellationToken) is { Count: > 0 } points)
        {
            var map = new UnitMapPlot(
                run.Id,
                features,
                AxisRange.Of(points.Select(row => row.Values[0]), margin: 0.08),
                AxisRange.Of(points.Select(row => row.Values[1]), margin: 0.08),
                model.Network.Activation);
            return map.Draw(Hidden(Grid(map.Grid())));
        }

        RowSet rows = Rows().Rows;
        float[] targets = [.. Enumerable.Range(0, rows.Count).Select(row => rows.TargetsOf(row)[0])];
        float[] predictions = CpuBackend.OneThread.Predict(model.Network, model.Weights, rows);
        return new UnitRowPlot(
            Named(), model.File.Pipeline.ClassNames, targets, predictions, model.Network.Activation).Draw(Hidden(rows));
    }

    private float[][] Hidden(RowSet rows) =>
    [
        .. Enumerable.Range(0, _model.Value.Network.Hidden.Length).Select(layer => Evaluator.HiddenOutputs(
            _model.Value.Network, _model.Value.Weights, rows, layer, SerialTeam.Instance)),
    ];

    private RowSet Grid(IEnumerable<double[]> values) =>
        GridRows.Create(_model.Value, Rows().Source, values, cancellationToken);

    private float[] Predict(IEnumerable<double[]> values) =>
        CpuBackend.OneThread.Predict(_model.Value.Network, _model.Value.Weights, Grid(values));

    private IReadOnlyList<(double[] Values, float Target)> Points()
    {
        IReadOnlyList<(double[] Values, float Target)> points = Rows().Points(_model.Value, cancellationToken);
        return points.Count > 0
            ? points
            : throw new CommandException(
                "the picture needs numbers in "
                + $"'{string.Join("' and '", _model.Value.File.Pipeline.FeatureColumns)}', but no row has them.");
    }

    private IEnumerable<string> Epochs() => File.Exists(run.MetricsPath) ? File.ReadLines(run.MetricsPath) : [];

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

    private EvaluationSums Sums() => _sums ??= CpuBackend.OneThread.Evaluate(
        _model.Value.Network, _model.Value.Weights, Rows().Rows);
}
