using System.CommandLine;
using System.Text;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Formats;
using Trainer.Inference;

namespace Trainer.Commands;

/// <summary><c>trainer predict MODEL FILE</c>: the rows of a file with a model's predictions beside them.</summary>
internal static class PredictCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = Flags.Model();
        Argument<string> file = Flags.Argument(
            "FILE", "CSV, IDX or NPY file; it needs the model's features, no target.");
        Option<double?> threshold = Flags.Threshold();
        Option<string?> output = Flags.Text(
            "--output", "OUT", "CSV file to write or replace. Default: standard output.", "-o");
        var predict = new DocumentedCommand(
            "predict",
            "Add a model's predictions to the rows of a file, as CSV.",
            "trainer predict digits-0001 new.csv -o predictions.csv",
            "trainer predict heart-0001 new.csv --threshold 0.3 > predictions.csv")
        {
            model, file, threshold, output,
        };
        predict.SetAction(result => CommandRunner.RunAsync(stop =>
        {
            string input = result.GetRequiredValue(file);
            string? target = result.GetValue(output);
            if (target is not null)
            {
                OutputFile.RequireWritable(target, input);
            }

            var trained = TrainedModel.Load(result.GetRequiredValue(model), TrainerHome.Current);
            double limit = trained.Threshold(result.GetValue(threshold));
            Write(trained, input, limit, target, result.InvocationConfiguration.Output, stop);
            return Task.FromResult(ExitCode.Done);
        }));
        return predict;
    }

    private static void Write(
        TrainedModel model, string input, double threshold, string? target, TextWriter console, CancellationToken stop)
    {
        DataSource source = Catalogue.Find(input);
        using RowReader reader = model.File.Pipeline.Open(source);
        Predictions.RequireNoClash(model, input, reader.Columns);
        RowSet rows = model.File.Pipeline.Read(source, withTargets: false, stop, CommandRunner.Warn);
        var predictions = new Predictions(model, rows, threshold);
        if (target is null)
        {
            WriteRows(reader, predictions, console, stop);
            console.Flush();
            return;
        }

        AtomicFile.Write(target, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            WriteRows(reader, predictions, writer, stop);
        });
    }

    private static void WriteRows(RowReader reader, Predictions predictions, TextWriter output, CancellationToken stop)
    {
        var writer = new CsvWriter(output, reader.Separator);
        writer.Write(reader.Columns.Concat(predictions.Columns));
        while (reader.Read())
        {
            stop.ThrowIfCancellationRequested();
            writer.Write(reader.Fields().Concat(predictions.Row(reader.Row - 1)));
        }

        writer.Flush();
    }
}
