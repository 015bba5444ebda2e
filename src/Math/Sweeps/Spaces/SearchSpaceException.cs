namespace Trainer.Sweeps.Spaces;

/// <summary>A search space that cannot be used. The message is one line: path, value, what is allowed.</summary>
public sealed class SearchSpaceException : Exception
{
    /// <summary>An error in a search space.</summary>
    public SearchSpaceException(string message)
        : base(message)
    {
    }
}
