namespace Trainer;

/// <summary>Exit codes of every command.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The job failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage, configuration or input.</summary>
    public const int Usage = 2;

    /// <summary>NaN or infinite values.</summary>
    public const int Diverged = 3;

    /// <summary>The cluster is not reachable.</summary>
    public const int Unreachable = 4;

    /// <summary>A <c>--require</c> was missed.</summary>
    public const int RequirementMissed = 5;

    /// <summary>Cancelled.</summary>
    public const int Cancelled = 130;
}
