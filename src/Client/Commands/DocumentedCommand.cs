using System.CommandLine;

namespace Trainer.Commands;

/// <summary>A command whose help ends with examples; each of its flags stands in one of them.</summary>
/// <param name="name">Name of the command.</param>
/// <param name="description">What it does, a sentence.</param>
/// <param name="examples">Whole command lines, at most 76 columns each.</param>
internal sealed class DocumentedCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
