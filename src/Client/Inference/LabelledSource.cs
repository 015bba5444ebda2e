using Trainer.Commands;
using Trainer.Data;

namespace Trainer.Inference;

/// <summary>Rows with their targets, as <c>evaluate</c> names them.</summary>
internal static class LabelledSource
{
    private const string Csv = "csv";

    /// <summary>Finds the rows; of a catalogue set with an official test part, that part.</summary>
    /// <param name="data">Value of <c>--data</c>.</param>
    /// <param name="labels">Value of <c>--labels</c>: the label file of IDX or NPY data; null: none was given.</param>
    /// <exception cref="CommandException">Data and labels do not fit each other.</exception>
    /// <exception cref="DataException">A file is not there or cannot be read.</exception>
    public static DataSource Find(string data, string? labels)
    {
        DataSource source = Catalogue.FindTest(data) ?? Catalogue.Find(data);
        string format = Catalogue.FormatOf(source);
        if (source.Labels is not null || format == Csv)
        {
            return labels is null
                ? source
                : throw new CommandException(
                    $"'--labels' is '{labels}', but '{data}' has its targets already; leave it out.");
        }

        if (labels is null)
        {
            throw new CommandException($"'--labels' is missing; name the label file of '{data}' ({format}).");
        }

        DataSource file = Catalogue.Register(labels);
        return Catalogue.FormatOf(file) != Csv
            ? source with { Labels = file }
            : throw new CommandException(
                $"'--labels' is '{labels}', which is no IDX or NPY file; name the label file of '{data}'.");
    }
}
