using System.Diagnostics;
using System.Text;

using Trainer.Errors;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobFileReadingTests : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Json_IsRead()
    {
        string file = _folder.Write(
            "job.json", "{\n\t\"data\": {\"source\": \"a\\/b\\u00e4\\ud83d\\ude00\"},\n\t\"seed\": 7\n}");

        JobSpec job = JobFile.Load(file, [], NoVariables);

        Assert.Equal(("a/b\u00e4\U0001F600", 7), (job.Data.Source, job.Seed));
    }

    [Fact]
    public void Load_ByteOrderMark_IsSkipped()
    {
        string file = Path.Combine(_folder.Path, "bom.yaml");
        File.WriteAllText(file, "data: {source: heart}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        JobSpec job = JobFile.Load(file, [], NoVariables);

        Assert.Equal("heart", job.Data.Source);
    }

    [Theory]
    [InlineData("heart.yaml", "heart")]
    [InlineData("heart.v2.yml", "heart.v2")]
    [InlineData("my job (1).yaml", "my-job--1-")]
    [InlineData("..odd.yaml", "odd")]
    [InlineData("h\u00e4rt", "h-rt")]
    public void Load_WithoutName_TakesTheFiles(string file, string expected)
    {
        JobSpec job = JobFile.Load(_folder.Write(file, "data: {source: heart}"), [], NoVariables);

        Assert.Equal(expected, job.Name);
    }

    [Fact]
    public void Load_LongFileName_IsCutToTheLongestName()
    {
        string file = _folder.Write($"{new string('n', 100)}.yaml", "data: {source: heart}");

        JobSpec job = JobFile.Load(file, [], NoVariables);

        Assert.Equal(new string('n', 64), job.Name);
    }

    [Fact]
    public void Load_NoFile_SaysWhereItLooked() => AssertRefused(
        "missing.yaml", $"missing.yaml: no such file in {Directory.GetCurrentDirectory()}.");

    [Fact]
    public void Load_EmptyPath_IsRefused() => Assert.StartsWith(
        "job file: the file cannot be read: ", MessageOf(""), StringComparison.Ordinal);

    [Fact]
    public void Load_Folder_IsRefused() =>
        AssertRefused(_folder.Path, $"{_folder.Path}: this is a folder; give a job file.");

    [Fact]
    public void Load_EmptyFile_IsRefused()
    {
        string file = _folder.Write("empty.yaml", "");

        AssertRefused(
            file,
            $"{file}: the file is empty or no regular file; give a job file with at least 'data: {{source: ...}}'.");
    }

    [Fact]
    public void Load_CommentsOnly_IsRefused()
    {
        string file = _folder.Write("comments.yaml", "# nothing\n");

        AssertRefused(file, $"{file}: the file holds nothing; a job needs at least 'data: {{source: ...}}'.");
    }

    [Fact]
    public void Load_LargeFile_IsRefused()
    {
        string file = _folder.Write("large.yaml", new string('#', (1 << 20) + 1));

        AssertRefused(
            file, $"{file}: the file is larger than 1048576 bytes; a job file is a few lines of YAML or JSON.");
    }

    [Fact]
    public void Load_NotUtf8_IsRefused()
    {
        string file = Path.Combine(_folder.Path, "latin.yaml");
        File.WriteAllBytes(file, [.. "name: h"u8, 0xE4]);

        AssertRefused(file, $"{file}: the file is not UTF-8 text; save it as UTF-8.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_Pipe_IsRefusedWithoutWaitingForItsWriter(bool throughLink)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string pipe = Path.Combine(_folder.Path, "pipe.yaml");
        using Process mkfifo = Process.Start("mkfifo", [pipe]);
        await mkfifo.WaitForExitAsync(stop);
        string link = Path.Combine(_folder.Path, "link.yaml");
        File.CreateSymbolicLink(link, pipe);

        Task<string> message = Task.Run(() => MessageOf(throughLink ? link : pipe), stop);

        Assert.Contains(
            "the file is empty or no regular file",
            await message.WaitAsync(TimeSpan.FromSeconds(10), stop),
            StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, string expected) => Assert.Equal(expected, MessageOf(path));

    private static string MessageOf(string path) =>
        Assert.Throws<ConfigurationException>(() => JobFile.Load(path, [], NoVariables)).Message;
}
