using System.CommandLine;
using System.Text.Json.Nodes;

using Trainer.Clusters;
using Trainer.Formats;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer export RUN --to safetensors</c>: a run's weights as a file for use elsewhere.</summary>
internal static class ExportCommand
{
    private const string Safetensors = "safetensors";
    private const string Onnx = "onnx";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> run = Flags.Run();
        Option<string?> format = Flags.Text("--to", "FORMAT", "Format of the file: safetensors.");
        format.Required = true;
        format.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not (Safetensors or Onnx) and { } value }])
            {
                result.AddError($"'--to' is '{value}'; it takes {Safetensors} ({Onnx} is not built yet).");
            }
        });
        Option<string?> output = Flags.Text(
            "--output",
            "FILE",
            "File to write or replace. Default: a new NAME.safetensors in the working folder, after the job.",
            "-o");
        var export = new DocumentedCommand(
            "export",
            "Write the weights of a run to a file for other programs.",
            "trainer export digits-0001 --to safetensors",
            "trainer export runs/heart-0001 --to safetensors -o /tmp/heart.safetensors")
        {
            run, format, output,
        };
        export.SetAction(result => CommandRunner.RunAsync(
            async _ =>
            {
                if (result.GetValue(format) == Onnx)
                {
                    throw new CommandException($"'--to {Onnx}' is not built yet; it takes {Safetensors}.");
                }

                string written = Write(
                    RunReference.Resolve(result.GetRequiredValue(run), TrainerHome.Current), result.GetValue(output));
                await result.InvocationConfiguration.Output.WriteLineAsync(written);
                return ExitCode.Done;
            },
            result.InvocationConfiguration.Error));
        return export;
    }

    // Read whole and checked before it is written: what leaves is a model, never a copy of a damaged file.
    private static string Write(RunReference run, string? target)
    {
        string path = run.RequireModel();
        var model = ModelFile.Load(path);
        string file = target ?? $"{NameOf(model, run)}.{Safetensors}";
        if (target is null && Path.Exists(file))
        {
            throw new CommandException($"'{file}' exists; '-o {file}' replaces it, '-o FILE' writes another one.");
        }

        OutputFile.RequireWritable(file, path);
        model.Save(file);
        return file;
    }

    // The job's rules keep its name free of separators; a model file from elsewhere may say anything.
    private static string NameOf(ModelFile model, RunReference run) =>
        JsonNode.Parse(model.Job)?["name"] is JsonValue value && value.TryGetValue(out string? name)
        && name.Length > 0 && name == Path.GetFileName(name)
            ? name
            : run.Id;
}
