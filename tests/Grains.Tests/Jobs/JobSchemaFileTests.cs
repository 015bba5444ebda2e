using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

using Xunit;

namespace Trainer.Jobs;

public sealed class JobSchemaFileTests
{
    private const string Update = "UPDATE_JOB_SCHEMA";

    [Fact]
    public void JsonSchema_PublishedFile_IsTheSame() => AssertPublished("job.schema.json", JobFile.JsonSchema());

    [Fact]
    public void JsonSchema_PublishedFileOfSweeps_IsTheSame() =>
        AssertPublished("sweep.schema.json", SweepFile.JsonSchema());

    [Fact]
    public void JsonSchema_EveryKeyOfAWrittenJob_IsDescribed()
    {
        var job = new JobSpec { Optimizer = new SgdSpec() };

        string schema = JobFile.JsonSchema();

        AssertDescribed(JsonNode.Parse(JobFile.ToJson(job))!, JsonNode.Parse(schema)!, "");
    }

    private static void AssertPublished(string name, string schema)
    {
        string file = Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs", name);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, schema);
        }

        Assert.True(
            schema == File.ReadAllText(file),
            $"docs/{name} is not what the code says; run this test with {Update}=1 and commit the file.");
    }

    private static void AssertDescribed(JsonNode value, JsonNode schema, string path)
    {
        foreach ((string key, JsonNode? child) in value as JsonObject ?? [])
        {
            JsonNode[] forms = [schema, .. schema["anyOf"]?.AsArray().Select(form => form!) ?? []];
            JsonNode? found = forms
                .Select(form => form["properties"]?[key])
                .LastOrDefault(property => property is not null);
            Assert.True(found is not null, $"{path}{key} is not in the schema");
            if (child is not null)
            {
                AssertDescribed(child, found, $"{path}{key}.");
            }
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
