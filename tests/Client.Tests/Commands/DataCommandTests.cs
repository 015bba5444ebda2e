using System.Text.Json;

using Xunit;

namespace Trainer.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-data-command-").FullName;

    [Fact]
    public async Task List_Catalogue_HasSetsAndGenerators()
    {
        (int code, string output) = await RunAsync("list");

        Assert.Equal(ExitCode.Done, code);
        Assert.All(
            ["digits", "heart", "breast-cancer", "mnist", "spiral"],
            name => Assert.Contains($"\n{name} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_MessyFile_ShowsTypesMissingAndCategories()
    {
        string path = Path.Combine(_folder, "x.csv");
        await File.WriteAllTextAsync(
            path, "a;b;c\n1;red;\n2.5;NA;?\n;blue;\n", TestContext.Current.CancellationToken);

        (int code, string output) = await RunAsync("inspect", path, "--json");

        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal((ExitCode.Done, ";"), (code, json.GetProperty("separator").GetString()));
        Assert.Equal(3, json.GetProperty("rows").GetInt32());
        Assert.Equal(
            ["number 1", "text 1", "empty 3"],
            json.GetProperty("columns").EnumerateArray().Select(column =>
                $"{column.GetProperty("type").GetString()} {column.GetProperty("missing").GetInt32()}"));
        (_, string text) = await RunAsync("inspect", path);
        Assert.Contains("blue, red", text, StringComparison.Ordinal);
        Assert.StartsWith("csv, separator ';', 3 rows", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_Spiral_WritesRowsThatAreTheSameAgain()
    {
        string[] paths = [Path.Combine(_folder, "one.csv"), Path.Combine(_folder, "two.csv")];
        foreach (string path in paths)
        {
            (int code, _) = await RunAsync(
                "generate", "spiral", "--rows", "20", "--noise", "0.1", "--seed", "3", "-o", path);
            Assert.Equal(ExitCode.Done, code);
        }

        string[] lines = await File.ReadAllLinesAsync(paths[0], TestContext.Current.CancellationToken);
        Assert.Equal("x1,x2,label", lines[0]);
        Assert.Equal(21, lines.Length);
        Assert.Equal(lines, await File.ReadAllLinesAsync(paths[1], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("generate", "moon", "-o", "x.csv")]
    [InlineData("generate", "xor", "-o", "/nowhere/at/all/x.csv")]
    [InlineData("inspect", "/nowhere/x.csv")]
    [InlineData("get", "whatever")]
    public async Task Any_UnusableArgument_IsBadUsage(params string[] arguments)
    {
        (int code, _) = await RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        int code = await CommandLine.RunAsync(["data", .. arguments], output, TextWriter.Null);
        return (code, output.ToString());
    }
}
