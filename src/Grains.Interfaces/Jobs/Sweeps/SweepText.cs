using System.Collections.Immutable;

namespace Trainer.Jobs;

/// <summary>A sweep file's text with all that overrides it: enough to read it again anywhere.</summary>
/// <param name="Content">The file's content, YAML or JSON.</param>
/// <param name="Name">The file as the user named it, for errors and the job's name.</param>
/// <param name="Overrides"><c>path=value</c> in order.</param>
/// <param name="Environment">The variables that start with <c>TRAINER__</c>.</param>
[GenerateSerializer, Immutable, Alias("trainer.sweep-text")]
public sealed record SweepText(
    [property: Id(0)] string Content,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Overrides,
    [property: Id(3)] ImmutableDictionary<string, string> Environment);
