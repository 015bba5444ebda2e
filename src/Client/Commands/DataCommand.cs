using System.CommandLine;
using System.Text;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Datasets;
using Trainer.Formats;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer data</c>: the catalogue, the schema of a file, toy sets, downloads.</summary>
internal static class DataCommand
{
    private const long MostBytes = 1 << 28;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new DocumentedCommand(
            "data", "Show, make and get data sets.", "trainer data list", "trainer data inspect heart.csv");
        data.Subcommands.Add(CreateList());
        data.Subcommands.Add(CreateInspect());
        data.Subcommands.Add(CreateGenerate());
        data.Subcommands.Add(CreateGet());
        return data;
    }

    private static DocumentedCommand CreateList()
    {
        var list = new DocumentedCommand("list", "List the catalogue and the generators.", "trainer data list");
        list.SetAction(result => CommandRunner.RunAsync(async _ =>
        {
            string[] folders = [.. FileSet.Folders()];
            string[][] rows =
            [
                ["name", "where", "what"],
                .. Catalogue.EmbeddedSets.Select(set => new[] { set.Name, "in the program", set.Summary }),
                .. FileSet.All.Select(set => new[]
                {
                    set.Name, set.FolderIn(folders) ?? "not here: trainer data get", set.Summary,
                }),
                .. GeneratorSource.Names.Select(name => new[] { name, "generator", $"{{generator: {name}}}" }),
            ];
            await WriteAsync(result.InvocationConfiguration.Output, TextTable.Lines(rows, _ => false));
            return ExitCode.Done;
        }));
        return list;
    }

    private static DocumentedCommand CreateInspect()
    {
        Argument<string> file = Flags.Argument("FILE", "A CSV, IDX or NPY file, or a name of the catalogue.");
        Option<string?> columns = Flags.Text(
            "--columns", "NAMES", "Names of the columns of a file without a header, with commas between.");
        Option<bool> json = Flags.Json();
        var inspect = new DocumentedCommand(
            "inspect",
            "Show types, missing values and categories of a file's columns.",
            "trainer data inspect heart.csv --json",
            "trainer data inspect plain.data --columns age,sex,target")
        {
            file, columns, json,
        };
        inspect.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            var inspection = FileInspection.Read(
                Catalogue.Find(result.GetRequiredValue(file)), [.. (result.GetValue(columns) ?? "").Split(
                    ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], stop);
            await WriteAsync(
                result.InvocationConfiguration.Output,
                result.GetValue(json) ? [InspectionReport.ToJson(inspection)] : InspectionReport.Lines(inspection));
            return ExitCode.Done;
        }));
        return inspect;
    }

    private static DocumentedCommand CreateGenerate()
    {
        Argument<string> name = Flags.Argument("NAME", $"One of {string.Join(", ", GeneratorSource.Names)}.");
        Option<string?> output = Flags.Text("--output", "FILE", "CSV file to write or replace.", "-o");
        output.Required = true;
        Option<int?> rows = Flags.Integer("--rows", "N", 1, GeneratorSource.MostRows, "Rows. Default: 500.");
        Option<double?> noise = Flags.Number("--noise", "X", -double.Epsilon, 1 + 1e-9, "Noise, 0 to 1. Default: 0.");
        Option<int?> seed = Flags.Integer("--seed", "S", 0, int.MaxValue, "Seed of the rows. Default: 1.");
        var generate = new DocumentedCommand(
            "generate",
            "Write the rows of a generator to a CSV file.",
            "trainer data generate spiral -o spiral.csv",
            "trainer data generate xor --rows 200 --noise 0.1 --seed 7 --output xor.csv")
        {
            name, output, rows, noise, seed,
        };
        generate.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            string asked = result.GetRequiredValue(name);
            int index = GeneratorSource.Names.ToList().IndexOf(asked);
            if (index < 0)
            {
                throw new CommandException(
                    $"'NAME' is '{asked}'; it must be one of {string.Join(", ", GeneratorSource.Names)}.");
            }

            var generator = new GeneratorSource(
                (ToyGenerator)index,
                result.GetValue(rows) ?? 500,
                Math.Clamp(result.GetValue(noise) ?? 0, 0, 1),
                result.GetValue(seed) ?? 1);
            string path = result.GetRequiredValue(output)!;
            Write(generator, path, stop);
            await result.InvocationConfiguration.Output.WriteLineAsync($"{path}: {generator.Rows} rows of {generator}");
            return ExitCode.Done;
        }));
        return generate;
    }

    private static DocumentedCommand CreateGet()
    {
        Argument<string> name = Flags.Argument(
            "NAME", $"One of {string.Join(", ", FileSet.All.Select(set => set.Name))}.");
        var get = new DocumentedCommand(
            "get", "Download a set and check its SHA-256.", "trainer data get fashion-mnist")
        {
            name,
        };
        get.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            string asked = result.GetRequiredValue(name);
            TextWriter output = result.InvocationConfiguration.Output;
            if (FileSet.Find(asked) is not { } set)
            {
                DataSource found = Catalogue.Find(asked);
                await output.WriteLineAsync($"'{found.Name}' needs no download.");
                return ExitCode.Done;
            }

            if (set.FolderIn(FileSet.Folders()) is { } there)
            {
                await output.WriteLineAsync($"'{asked}' is already in '{there}'.");
                return ExitCode.Done;
            }

            TrainerHome.Current.Create(FileSet.Downloads);
            using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = MostBytes };
            string folder = Path.Combine(FileSet.Downloads, set.Name);
            await new SetDownload(client).RunAsync(set, folder, output.WriteLine, stop);
            return ExitCode.Done;
        }));
        return get;
    }

    private static void Write(GeneratorSource generator, string path, CancellationToken stop)
    {
        string absolute = Path.GetFullPath(path);
        if (Directory.Exists(absolute) || !Directory.Exists(Path.GetDirectoryName(absolute)))
        {
            throw new CommandException($"'-o' is '{path}': it is a folder, or its folder does not exist.");
        }

        AtomicFile.Write(absolute, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            foreach (IReadOnlyList<string> row in generator.Table())
            {
                stop.ThrowIfCancellationRequested();
                CsvFields.WriteRow(writer, row);
            }
        });
    }

    private static async Task WriteAsync(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }
    }
}
