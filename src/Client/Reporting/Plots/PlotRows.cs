using System.Globalization;

using Trainer.Commands;
using Trainer.Data;
using Trainer.Inference;
using Trainer.Jobs;

namespace Trainer.Reporting.Plots;

/// <summary>The labelled rows that a model is shown on.</summary>
/// <param name="Name">What they are: a part of the run's data, or a file.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="Rows">The rows, preprocessed.</param>
internal sealed record PlotRows(string Name, DataSource Source, RowSet Rows)
{
    /// <summary>The rows of a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">As the user named it.</param>
    public static PlotRows OfFile(TrainedModel model, string file, CancellationToken cancellationToken)
    {
        DataSource source = Catalogue.Find(file);
        RowSet rows = model.File.Pipeline.Read(source, withTargets: true, cancellationToken);
        return new PlotRows(Path.GetFileName(file), source, rows);
    }

    /// <summary>The run's own test part, else validation, else train.</summary>
    /// <exception cref="CommandException">The data has changed since.</exception>
    public static PlotRows OfRun(RunReference run, CancellationToken cancellationToken)
    {
        JobSpec job = JobFile.Parse(File.ReadAllText(run.JobPath), run.JobPath);
        var plan = DataPlan.Create(JobPlan.Request(job, run.Folder), cancellationToken);
        DataSource source = plan.Request.Source;
        if (SummaryFile.TryRead(run.SummaryPath)?.DataSha256 is { } trained && trained != source.ContentSha256)
        {
            throw new CommandException(
                $"'{source.Name}' is not the data that run '{run.Id}' was trained on: it has changed since; "
                + "name a file with '--data'.");
        }

        DataPart part = new[] { DataPart.Test, DataPart.Validation, DataPart.Train }.First(of => plan.Rows(of) > 0);
        RowSet rows = plan.Load(new Dictionary<DataPart, int[]?> { [part] = null }, cancellationToken)[part];
        DataSource from = part == DataPart.Test ? plan.Request.TestSource ?? source : source;
        return new PlotRows($"{part.ToString().ToLowerInvariant()} part", from, rows);
    }

    /// <summary>The rows with the values of the model's columns as they stand in the source.</summary>
    /// <param name="model">A model of some columns of numbers.</param>
    /// <returns>Values of the columns, and target or class; rows without a number in each are left out.</returns>
    public IReadOnlyList<(double[] Values, float Target)> Points(
        TrainedModel model, CancellationToken cancellationToken)
    {
        RowSet all = model.File.Pipeline.Read(Source, withTargets: false, cancellationToken);
        using RowReader reader = model.File.Pipeline.Open(Source);
        int[] columns = [.. model.File.Pipeline.FeatureColumns.Select(name => reader.Columns.IndexOf(name))];
        float[] found = new float[all.FeatureCount];
        float[] wanted = new float[all.FeatureCount];
        var points = new List<(double[], float)>(Rows.Count);
        int next = 0;
        for (int row = 0; next < Rows.Count && reader.Read(); row++)
        {
            // A part keeps the order of its file, so its rows are found one after the other; which of equal rows is
            // found does not matter.
            if (!all.FeaturesOf(row, found).SequenceEqual(Rows.FeaturesOf(next, wanted)))
            {
                continue;
            }

            float target = Rows.TargetsOf(next++)[0];
            string[] fields = reader.Fields();
            double[] values = [.. columns.Select(column => Number(fields[column]))];
            if (values.All(double.IsFinite))
            {
                points.Add((values, target));
            }
        }

        return points;
    }

    // A missing value is no point.
    private static double Number(string text) =>
        double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
}
