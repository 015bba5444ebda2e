using Xunit;

namespace Trainer;

/// <summary>
/// Tests that count allocated bytes run while no other test does: a collection that another thread causes is counted as
/// up to 8 KB of this one.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
