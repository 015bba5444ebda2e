using Xunit;

namespace Trainer;

/// <summary>A home or a run folder that cannot be: exit code 2, and one line that says what to set.</summary>
public sealed class UnusableFolderTests : IDisposable
{
    private readonly TrainerCommand _trainer = new();

    private string File => _trainer.Write("file", "a file");

    private string Job => _trainer.Write("job.yaml", "version: 1\ndata: {source: digits}\n");

    public void Dispose() => _trainer.Dispose();

    [Theory]
    [InlineData("train", "JOB", "--silos", "0")]
    [InlineData("train", "JOB", "--silos", "1")]
    [InlineData("up")]
    [InlineData("data", "get", "mnist")]
    public async Task Command_HomeIsAFile_NamesTheVariable(params string[] arguments)
    {
        _trainer.Environment["TRAINER_HOME"] = File;

        CommandResult result = await RunAsync(arguments);

        result.AssertRefused("home", ["'TRAINER_HOME'", $"'{File}'", "is a file", "set it to"]);
    }

    [Fact]
    public async Task Train_HomeCannotBeMade_NamesTheVariable()
    {
        _trainer.Environment["TRAINER_HOME"] = "/proc/nothing";

        CommandResult result = await RunAsync("train", "JOB", "--silos", "0");

        result.AssertRefused("home", ["'TRAINER_HOME'", "'/proc/nothing'", "set it to"]);
    }

    [Fact]
    public async Task Train_HomeCannotBeWritten_NamesTheVariable()
    {
        // It exists, and nobody may make a file in it, not even the superuser.
        _trainer.Environment["TRAINER_HOME"] = "/proc";

        CommandResult result = await RunAsync("train", "JOB", "--silos", "0");

        result.AssertRefused("home", ["'TRAINER_HOME'", "'/proc'", "set it to"]);
    }

    [Theory]
    [InlineData("file/run")]
    [InlineData("/proc/nothing/run")]
    public async Task Train_OutCannotBeMade_NamesTheFlag(string folder)
    {
        _ = File;

        CommandResult result = await RunAsync("train", "JOB", "--silos", "0", "--out", folder);

        result.AssertRefused("out", ["'--out'", $"'{folder}'", "that you can write to"]);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_trainer.Home, "runs")));
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => _trainer.RunAsync(
        TestContext.Current.CancellationToken, [.. arguments.Select(argument => argument == "JOB" ? Job : argument)]);
}
