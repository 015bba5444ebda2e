using System.Globalization;
using System.Text;

using Trainer.Data;
using Trainer.Inference;

namespace Trainer.Reporting.Plots;

/// <summary>
/// Rows made up for a model: read through a file, so that preprocessing treats them as it treats any row.
/// </summary>
internal static class GridRows
{
    private const string Other = "0";

    /// <summary>Rows of some columns; the layout is that of another source, for the model reads files alike.</summary>
    /// <param name="model">A model whose columns are all numbers.</param>
    /// <param name="like">The source whose layout they have.</param>
    /// <param name="values">Values of each column of the model, as they stand in files.</param>
    public static RowSet Create(
        TrainedModel model,
        DataSource like,
        IEnumerable<double[]> values,
        CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), $"trainer-{Path.GetRandomFileName()}.csv");
        try
        {
            using (var file = new StreamWriter(path, append: false, new UTF8Encoding(false)))
            {
                Write(file, model, like, values);
            }

            return model.File.Pipeline.Read(Catalogue.Register(path), withTargets: false, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Write(
        TextWriter file, TrainedModel model, DataSource like, IEnumerable<double[]> values)
    {
        using RowReader layout = model.File.Pipeline.Open(like);
        int[] columns = [.. model.File.Pipeline.FeatureColumns.Select(name => layout.Columns.IndexOf(name))];
        string[] row = [.. layout.Columns.Select(_ => Other)];
        var writer = new CsvWriter(file, ',');
        if (model.File.Pipeline.ReadsHeader)
        {
            writer.Write(layout.Columns);
        }

        foreach (double[] given in values)
        {
            foreach ((int column, double value) in columns.Zip(given))
            {
                row[column] = value.ToString("R", CultureInfo.InvariantCulture);
            }

            writer.Write(row);
        }

        writer.Flush();
    }
}
