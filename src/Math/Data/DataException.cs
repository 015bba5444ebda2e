namespace Trainer.Data;

/// <summary>Input data that cannot be used. The message is one line: file, place, value, reason, what to do.</summary>
public sealed class DataException : Exception
{
    /// <summary>An error in input data.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>An error in input data with its cause.</summary>
    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
