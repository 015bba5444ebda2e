using System.Text.Json.Nodes;

namespace Trainer.Diagnosis;

/// <summary>What one check of <c>trainer doctor</c> found.</summary>
/// <param name="Name">One word.</param>
/// <param name="State">How bad it is.</param>
/// <param name="Text">What was found, for people.</param>
/// <param name="Advice">What to do; null where nothing has to be done.</param>
internal sealed record Finding(string Name, FindingState State, string Text, string? Advice = null)
{
    /// <summary>The figures in <see cref="Text"/> as programs read them, in base units.</summary>
    public IReadOnlyList<(string Name, JsonValue Value)> Facts { get; init; } = [];
}

/// <summary>How bad a <see cref="Finding"/> is.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but not as well as it could.</summary>
    Warn,

    /// <summary>Training cannot work.</summary>
    Broken,
}
