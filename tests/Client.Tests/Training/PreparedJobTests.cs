using Trainer.Commands;
using Trainer.Data;

using Xunit;

namespace Trainer.Training;

public sealed class PreparedJobTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Load_InitialWeightsDamaged_NamesKeyFileAndReason()
    {
        string job = Write("w.safetensors", "no header");

        DataException error = Assert.Throws<DataException>(
            () => PreparedJob.Load(job, [], TestContext.Current.CancellationToken));
        (int code, _, _) = await CommandRun.RunAsync("check", job);

        Assert.StartsWith(
            "'model.initial_weights': 'w.safetensors' is not a safetensors file: ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, code);
    }

    [Fact]
    public void Load_FoldFileMissing_NamesKeyAndFile()
    {
        string job = Path.Combine(_home.Folder, "job.yaml");
        File.WriteAllText(job, "data: {source: heart}\nsplit: {folds: nowhere.csv}\n");

        DataException error = Assert.Throws<DataException>(
            () => PreparedJob.Load(job, [], TestContext.Current.CancellationToken));

        Assert.StartsWith("'split.folds': Data file '", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("nowhere.csv' does not exist; check the path.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigPrint_InitialWeights_HaveAnAbsolutePath()
    {
        string job = Write("w.safetensors", "not read here");

        (int code, string output, _) = await CommandRun.RunAsync("config", "print", job);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"initial_weights: {Path.Combine(_home.Folder, "w.safetensors")}", output);
    }

    private string Write(string weights, string content)
    {
        File.WriteAllText(Path.Combine(_home.Folder, weights), content);
        string job = Path.Combine(_home.Folder, "job.yaml");
        File.WriteAllText(job, $"data: {{source: heart}}\nmodel: {{initial_weights: {weights}}}\n");
        return job;
    }
}
