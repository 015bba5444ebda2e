using System.CommandLine;

using Trainer.Clusters;
using Trainer.Data;
using Trainer.Inference;
using Trainer.Reporting;

namespace Trainer.Commands;

/// <summary><c>trainer evaluate MODEL --data FILE</c>: how good a model is on labelled rows.</summary>
internal static class EvaluateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = Flags.Model();
        Option<string?> data = Flags.Text(
            "--data", "FILE", "CSV file with the target column, IDX or NPY file, or a name of the catalogue.");
        data.Required = true;
        Option<string?> labels = Flags.Text("--labels", "FILE", "Label file of an IDX or NPY file.");
        Option<double?> threshold = Flags.Threshold();
        Option<bool> json = Flags.Json();
        var evaluate = new DocumentedCommand(
            "evaluate",
            "Measure a model on the rows of a file.",
            "trainer evaluate digits-0001 --data digits",
            "trainer evaluate runs/heart-0001/model.safetensors --data new.csv --json",
            "trainer evaluate heart-0001 --data new.csv --threshold 0.3",
            "trainer evaluate images-0001 --data images.npy --labels labels.npy")
        {
            model, data, labels, threshold, json,
        };
        evaluate.SetAction(result => CommandRunner.RunAsync(async stop =>
        {
            string name = result.GetRequiredValue(model);
            string file = result.GetRequiredValue(data)!;
            var trained = TrainedModel.Load(name, TrainerHome.Current);
            double limit = trained.Threshold(result.GetValue(threshold));
            DataSource source = LabelledSource.Find(file, result.GetValue(labels));
            var evaluation = Evaluation.Create(trained, source, limit, stop);
            await result.InvocationConfiguration.Output.WriteLineAsync(
                result.GetValue(json)
                    ? EvaluationReport.ToJson(evaluation, name, file)
                    : EvaluationReport.ToText(evaluation));
            return ExitCode.Done;
        }));
        return evaluate;
    }
}
