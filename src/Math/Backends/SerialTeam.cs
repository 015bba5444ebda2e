namespace Trainer.Backends;

/// <summary>A team of the calling thread alone.</summary>
public sealed class SerialTeam : IComputeTeam
{
    private SerialTeam()
    {
    }

    /// <summary>The one instance; it holds no state.</summary>
    public static SerialTeam Instance { get; } = new();

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void For(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }
}
