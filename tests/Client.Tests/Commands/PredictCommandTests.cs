using System.Globalization;
using System.Text.Json;

using Trainer.Formats;
using Trainer.Inference;

using Xunit;

namespace Trainer.Commands;

public sealed class PredictCommandTests : IDisposable
{
    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Predict_ToStandardOutput_KeepsRowsAndTextAsTheyAre()
    {
        string model = Save(_models.Binary());
        string input = _models.Write("new.csv", "note,y,x\n\"a, \"\"b\"\"\",0.0,1e0\n caf\u00e9 ,2,000\n");

        (int code, string output) = await RunAsync("predict", model, input);

        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(3, lines.Length);
        Assert.Equal("note,y,x,prediction,p_no,p_yes", lines[0]);
        Assert.StartsWith("\"a, \"\"b\"\"\",0.0,1e0,yes,", lines[1]);
        Assert.StartsWith("\" caf\u00e9 \",2,000,no,", lines[2]);
        Assert.Equal(1 / (1 + Math.Exp(-2)), double.Parse(lines[1].Split(',')[^1], CultureInfo.InvariantCulture), 1e-6);
    }

    [Fact]
    public async Task Predict_SemicolonsAndClassWithComma_KeepsTheSeparator()
    {
        string model = Save(_models.ThreeClasses());
        string input = _models.Write("new.csv", "x;y\n0;9\n");

        (_, string output) = await RunAsync("predict", model, input);

        Assert.StartsWith("x;y;prediction;p_a;p_b,c;p_d\n0;9;b,c;", output);
    }

    [Fact]
    public async Task Predict_ToFile_ReplacesItAndPrintsNothing()
    {
        string model = Save(_models.TwoTargets());
        string input = _models.Write("new.csv", "x,y\n1,2\n");
        string target = _models.Write("out.csv", "old");

        (int code, string output) = await RunAsync("predict", model, input, "-o", target);

        Assert.Equal(ExitCode.Done, code);
        Assert.Empty(output);
        Assert.Equal("x,y,prediction_u,prediction_v\n1,2,1.5,2\n", await ReadAsync(target));
    }

    [Fact]
    public async Task Predict_ToNewFile_WritesIt()
    {
        string model = Save(_models.TwoTargets());
        string input = _models.Write("new.csv", "x,y\n1,2\n");
        string target = Path.Combine(_models.Folder, "out.csv");

        (int code, _) = await RunAsync("predict", model, input, "--output", target);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("x,y,prediction_u,prediction_v\n1,2,1.5,2\n", await ReadAsync(target));
    }

    [Theory]
    [InlineData("new.csv")]
    [InlineData("link.csv")]
    [InlineData("./sub/../new.csv")]
    [InlineData("missing/out.csv")]
    [InlineData("sub")]
    public async Task Predict_ToInputFolderOrNowhere_RefusedAndNothingWritten(string target)
    {
        string model = Save(_models.Binary());
        Directory.CreateDirectory(Path.Combine(_models.Folder, "sub"));
        string input = _models.Write("new.csv", "x,y\n1,2\n");
        File.CreateSymbolicLink(Path.Combine(_models.Folder, "link.csv"), input);

        (int code, _) = await RunAsync("predict", model, input, "-o", Path.Combine(_models.Folder, target));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("x,y\n1,2\n", await ReadAsync(input));
        Assert.False(Directory.Exists(Path.Combine(_models.Folder, "missing")));
    }

    [Theory]
    [InlineData("x\n1\n")]
    [InlineData("x,y\n1,two\n")]
    [InlineData("x,y,prediction\n1,2,no\n")]
    [InlineData("x,y\n")]
    public async Task Predict_InputThatDoesNotFit_KeepsTheOldOutput(string table)
    {
        string model = Save(_models.Binary());
        string input = _models.Write("new.csv", table);
        string target = _models.Write("out.csv", "old");

        (int code, _) = await RunAsync("predict", model, input, "-o", target);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("old", await ReadAsync(target));
    }

    [Fact]
    public async Task Evaluate_Json_HasMetricsAndConfusion()
    {
        string model = Save(_models.Binary());
        string data = _models.Write("test.csv", "x,y,label\n1,0,yes\n0,0,no\n0,1,yes\n1,1,no\n");

        (int code, string output) = await RunAsync("evaluate", model, "--data", data, "--threshold", "0.8", "--json");

        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(4, json.GetProperty("rows").GetInt32());
        Assert.Equal(0.75, json.GetProperty("accuracy").GetDouble());
        Assert.Equal(0.8, json.GetProperty("threshold").GetDouble());
        Assert.Equal("[[2,0],[1,1]]", json.GetProperty("confusion").GetRawText());
    }

    [Theory]
    [InlineData("x,y\n1,2\n")] // no target column
    [InlineData("x,y,label\n1,2,perhaps\n")] // a class that the model does not know
    public async Task Evaluate_DataThatDoesNotFit_Exit2(string table)
    {
        string model = Save(_models.Binary());
        string data = _models.Write("test.csv", table);

        (int code, string output) = await RunAsync("evaluate", model, "--data", data);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Evaluate_NoModel_Exit2()
    {
        string broken = _models.Write("broken.safetensors", "not a model");

        (int code, _) = await RunAsync("evaluate", broken, "--data", "digits");

        Assert.Equal(ExitCode.Usage, code);
    }

    private string Save(ModelFile model)
    {
        string path = Path.Combine(_models.Folder, "model.safetensors");
        model.Save(path);
        return path;
    }

    private static Task<string> ReadAsync(string path) =>
        File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        int code = await CommandLine.RunAsync(arguments, output, TextWriter.Null);
        return (code, output.ToString());
    }
}
