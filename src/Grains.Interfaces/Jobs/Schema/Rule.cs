using System.Text.Json.Nodes;

using Trainer.Errors;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>What a value of the job file may be: how it is read, written and described.</summary>
/// <typeparam name="T">Its type in the spec.</typeparam>
internal abstract class Rule<T>
{
    /// <summary>Added to <see cref="Expected"/> in errors, such as <c>, or auto</c>.</summary>
    public string Alternative { get; set; } = "";

    /// <summary>What it must be, after the words "it must be".</summary>
    public abstract string Expected { get; }

    /// <summary>Paths of keys below the value.</summary>
    public virtual IEnumerable<string> Paths => [];

    /// <summary>Reads a value.</summary>
    /// <param name="node">The value as it was written.</param>
    /// <param name="path">Its path in the job file, for errors.</param>
    /// <exception cref="ConfigurationException">It is not what it must be.</exception>
    public abstract T Read(SourceNode node, string path);

    /// <summary>Writes a value so that <see cref="Read"/> gives it back.</summary>
    public abstract JsonNode? Write(T value);

    /// <summary>The rule as JSON Schema.</summary>
    public abstract JsonObject Describe();

    /// <summary>The error of a value that breaks the rule.</summary>
    protected ConfigurationException Wrong(SourceNode node, string path, string ending = ".") =>
        Problem.At(node.Place, $"'{path}' is {node.Display}; it must be {Expected}{Alternative}{ending}");
}
