using System.Text.Json;

using Trainer.Inference;

using Xunit;

namespace Trainer.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    // IDX of bytes: three rows of two columns, and a label for each.
    private static readonly byte[] Rows = [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 0, 0, 1, 1, 3];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1];

    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Evaluate_ArrayWithLabels_CountsBoth()
    {
        string model = Save();
        string data = _models.Write("rows.idx", Rows);
        string labels = _models.Write("labels.idx", Labels);

        (int code, string output, _) =
            await CommandRun.RunAsync("evaluate", model, "--data", data, "--labels", labels, "--json");

        Assert.Equal(ExitCode.Done, code);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(3, report.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(2 / 3.0, report.RootElement.GetProperty("accuracy").GetDouble(), 12);
    }

    [Fact]
    public async Task Predict_Array_WritesItsColumnsAndThePrediction()
    {
        (int code, string output, _) = await CommandRun.RunAsync("predict", Save(), _models.Write("rows.idx", Rows));

        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("column_1,column_2,prediction,p_0,p_1\n1,0,1,", output);
    }

    [Fact]
    public async Task Evaluate_LabelsThatAreText_Exit2()
    {
        string data = _models.Write("rows.idx", Rows);
        string labels = _models.Write("labels.csv", "1\n0\n1\n");

        (int code, string output, _) =
            await CommandRun.RunAsync("evaluate", Save(), "--data", data, "--labels", labels);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
    }

    private string Save()
    {
        string path = Path.Combine(_models.Folder, "model.safetensors");
        _models.Array().Save(path);
        return path;
    }
}
