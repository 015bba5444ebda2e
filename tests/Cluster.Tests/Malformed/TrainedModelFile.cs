using Xunit;

namespace Trainer.Malformed;

/// <summary>A model of two features, <c>x1</c> and <c>x2</c>, and two classes.</summary>
public sealed class TrainedModelFile : IAsyncLifetime
{
    private readonly TrainerCommand _trainer = new();

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_trainer.Folder, "out", "model.safetensors");

    public async ValueTask InitializeAsync()
    {
        string job = _trainer.Write(
            "xor.yaml",
            "version: 1\ndata: {source: {generator: xor, rows: 40}}\nmodel: {hidden: [2]}\ntraining: {epochs: 1}\n");
        string folder = System.IO.Path.Combine(_trainer.Folder, "out");
        CommandResult train =
            await _trainer.RunAsync(CancellationToken.None, "train", job, "--silos", "0", "--out", folder);
        Assert.True(train.ExitCode == 0, train.Everything);
    }

    public ValueTask DisposeAsync()
    {
        _trainer.Dispose();
        return ValueTask.CompletedTask;
    }
}
