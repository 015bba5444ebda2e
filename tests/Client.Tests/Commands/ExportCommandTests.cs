using System.Buffers.Binary;
using System.Text.Json;

using Trainer.Formats;
using Trainer.Inference;

using Xunit;

namespace Trainer.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly SmallModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Export_ToFile_IsByteValidSafetensors()
    {
        string run = Run();
        string target = Path.Combine(_models.Folder, "out.safetensors");

        (int code, string output, _) = await RunAsync("export", run, "--to", "safetensors", "-o", target);

        // The format: u64 header length, JSON header, data; offsets without gaps.
        byte[] bytes = await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken);
        int header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        JsonElement weight = json.RootElement.GetProperty("layers.0.weight");
        JsonElement bias = json.RootElement.GetProperty("layers.0.bias");
        Assert.Equal((ExitCode.Done, $"{target}\n"), (code, output));
        Assert.Equal("F32", weight.GetProperty("dtype").GetString());
        Assert.Equal("[1,2]", weight.GetProperty("shape").GetRawText());
        Assert.Equal("[0,8]", weight.GetProperty("data_offsets").GetRawText());
        Assert.Equal("[1]", bias.GetProperty("shape").GetRawText());
        Assert.Equal("[8,12]", bias.GetProperty("data_offsets").GetRawText());
        Assert.All(
            json.RootElement.GetProperty("__metadata__").EnumerateObject(),
            entry => Assert.Equal(JsonValueKind.String, entry.Value.ValueKind));
        Assert.Equal(8 + header + 12, bytes.Length);
        Assert.Equal(2f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + header)));
        Assert.Equal(-1f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + header + 4)));
    }

    [Fact]
    public async Task Export_ToFile_CanBeUsedAsAModel()
    {
        string target = Path.Combine(_models.Folder, "out.safetensors");

        await RunAsync("export", Run(), "--to", "safetensors", "-o", target);

        Assert.Equal(_models.Binary().WeightsSha256, ModelFile.Load(target).WeightsSha256);
    }

    [Theory]
    [InlineData("run/model.safetensors", "it is the input; choose another file")]
    [InlineData("run/../run/model.safetensors", "it is the input; choose another file")]
    [InlineData("run", "it is a folder")]
    [InlineData("none/out.safetensors", "its folder does not exist")]
    public async Task Export_ToTheModelItselfOrNowhere_Refused(string target, string reason)
    {
        string run = Run();
        string path = Path.Combine(_models.Folder, target);
        byte[] before = await ModelBytesAsync(run);

        (int code, _, string error) = await RunAsync("export", run, "--to", "safetensors", "-o", path);

        Assert.Equal((ExitCode.Usage, $"trainer: '-o' is '{path}': {reason}.\n"), (code, error));
        Assert.Equal(before, await ModelBytesAsync(run));
    }

    [Fact]
    public async Task Export_ToOnnx_IsNotBuiltYet()
    {
        (int code, _, string error) = await RunAsync("export", Run(), "--to", "onnx");

        Assert.Equal((ExitCode.Usage, "trainer: '--to onnx' is not built yet; it takes safetensors.\n"), (code, error));
    }

    [Fact]
    public async Task Export_RunWithoutModel_SaysSo()
    {
        string run = Run();
        File.Delete(Path.Combine(run, "model.safetensors"));

        (int code, _, string error) = await RunAsync("export", run, "--to", "safetensors");

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith("trainer: run 'run' has no model:", error);
    }

    private static Task<byte[]> ModelBytesAsync(string run) =>
        File.ReadAllBytesAsync(Path.Combine(run, "model.safetensors"), TestContext.Current.CancellationToken);

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        CommandRun.RunAsync(arguments);

    private string Run() => _models.Run("run", _models.Binary());
}
