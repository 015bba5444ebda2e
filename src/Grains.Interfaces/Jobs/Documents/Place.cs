namespace Trainer.Jobs.Documents;

/// <summary>Where a value was written: a line of a file, an environment variable, or a <c>--set</c>.</summary>
/// <param name="Source">File as the user named it, or the override itself.</param>
/// <param name="Line">Line from 1; 0 where lines say nothing.</param>
internal readonly record struct Place(string Source, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;
}
