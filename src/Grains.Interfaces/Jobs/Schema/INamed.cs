namespace Trainer.Jobs.Schema;

/// <summary>A section whose key <c>name</c> says what it is; the name alone may stand for it.</summary>
internal interface INamed
{
    /// <summary>The name when none is given.</summary>
    string DefaultName { get; }

    /// <summary>Whether the other keys belong to the name: a new name drops them.</summary>
    bool KeysFollowName { get; }
}
