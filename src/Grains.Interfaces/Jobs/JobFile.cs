using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using Trainer.Jobs.Documents;
using Trainer.Jobs.Schema;

namespace Trainer.Jobs;

/// <summary>
/// Reads and writes job files: YAML or JSON, strict, every error one line that names file, line, key, reason.
/// </summary>
public static class JobFile
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>
    /// Reads a file, then applies environment (<c>TRAINER__TRAINING__EPOCHS=5</c>) and <c>--set path=value</c>, then
    /// validates.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">
    /// <c>path=value</c> in order; the value is YAML, and replaces lists and sections as a whole. A new
    /// <c>optimizer.name</c> drops the keys that the file has for the other optimizer.
    /// </param>
    /// <param name="environment">Environment variables; those that start with <c>TRAINER__</c> count.</param>
    /// <returns>The job; without a <c>name</c> it has the file's.</returns>
    /// <exception cref="Errors.ConfigurationException">Something is wrong with any of them.</exception>
    public static JobSpec Load(
        string path, IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(environment);
        MapNode root = ReadMap(JobText.Read(path), path);
        Overrides.ApplyEnvironment(root, environment);
        Overrides.ApplySets(root, overrides);
        JobSpec job = Bind(root);
        return root.Entries.ContainsKey("name") ? job : job with { Name = JobText.NameOf(path) };
    }

    /// <summary>The job as YAML with every key, in the order of the documentation.</summary>
    public static string ToYaml(JobSpec job) => YamlWriter.Write(JobSchema.Root.Write(job));

    /// <summary>The job as one JSON object with every key.</summary>
    public static string ToJson(JobSpec job) => JobSchema.Root.Write(job).ToJsonString(Compact);

    /// <summary>Reads what <see cref="ToJson"/> or <see cref="ToYaml"/> wrote.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What to call the text in errors.</param>
    /// <exception cref="Errors.ConfigurationException">It is no job file.</exception>
    public static JobSpec Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return Bind(ReadMap(text, name));
    }

    /// <summary>The name that an optimizer has in a job file.</summary>
    public static string NameOf(OptimizerSpec optimizer) => OptimizerSchema.Optimizer.NameOf(optimizer);

    /// <summary>What a job file may hold, as JSON Schema (draft 2020-12): for editors and other tools.</summary>
    public static string JsonSchema() => JsonSchema("Trainer job file", JobSchema.Root.Describe());

    /// <summary>The schema of a job file that has one more section.</summary>
    internal static string JsonSchema(string title, string key, JsonObject section)
    {
        JsonObject schema = JobSchema.Root.Describe();
        schema["properties"]!.AsObject()[key] = section;
        schema["required"]!.AsArray().Add(key);
        return JsonSchema(title, schema);
    }

    /// <summary>The variables that override keys of a job file.</summary>
    internal static ImmutableDictionary<string, string> Relevant(IReadOnlyDictionary<string, string> environment) =>
        environment
            .Where(pair => pair.Key.StartsWith(Overrides.VariablePrefix, StringComparison.Ordinal))
            .ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Reads a text that must be a map.</summary>
    internal static MapNode ReadMap(string text, string name)
    {
        string source = Problem.Line(name);
        return YamlReader.Read(text, source, lines: true) switch
        {
            MapNode map => map,
            null or ScalarNode { IsNull: true } =>
                throw Problem.At(
                    new Place(source, 0), "the file holds nothing; a job needs at least 'data: {source: ...}'."),
            { } other => throw Problem.At(
                other.Place, $"the file is {other.Display}; it must be a map of keys such as data and model."),
        };
    }

    private static string JsonSchema(string title, JsonObject schema)
    {
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        return $"{schema.ToJsonString(Indented)}\n";
    }

    /// <summary>Reads a tree as a job and checks it.</summary>
    internal static JobSpec Bind(MapNode root)
    {
        JobSpec job = JobSchema.Root.Read(root, "");
        JobChecks.Check(job, root);
        return job;
    }
}
