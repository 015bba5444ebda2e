using System.Text.Json.Nodes;

namespace Trainer.Reporting;

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Lines">For people: a label and a text a line.</param>
/// <param name="Fields">For programs: the fields of the event <c>started</c>.</param>
internal sealed record RunHeader(IReadOnlyList<(string Label, string Text)> Lines, JsonObject Fields);
