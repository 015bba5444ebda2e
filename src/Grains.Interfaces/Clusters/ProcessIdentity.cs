using System.Globalization;

namespace Trainer.Clusters;

/// <summary>A process that a reused process id or a restart of the machine cannot pass for.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTime">When it started, in clock ticks since the machine did.</param>
/// <param name="Boot">Id of that start of the machine.</param>
public sealed record ProcessIdentity(int Pid, long StartTime, string Boot)
{
    // Fields of /proc/PID/stat after the command's name, proc(5): the state is field 3, the start time field 22.
    private const int State = 0;
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int Start = 19;

    private static readonly Lazy<string> ThisBoot =
        new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = TryFind(Environment.ProcessId)
        ?? throw new PlatformNotSupportedException("Clusters need Linux: '/proc' does not show this process.");

    /// <summary>
    /// The process that has an id now; null when none lives. One that ended but was not waited for counts as ended.
    /// </summary>
    /// <param name="pid">Process id.</param>
    public static ProcessIdentity? TryFind(int pid) => Read(pid) is { } fields && fields[State] is not ("Z" or "X")
        ? new ProcessIdentity(pid, long.Parse(fields[Start], CultureInfo.InvariantCulture), ThisBoot.Value)
        : null;

    /// <summary>Whether exactly this process lives.</summary>
    public bool IsAlive() => TryFind(Pid) == this;

    /// <summary>Whether it was stopped by a signal and waits to be continued.</summary>
    public bool IsFrozen() => IsAlive() && Read(Pid)?[State] is "T" or "t";

    /// <summary>Processor time that it has used, in clock ticks; 0 when it does not live.</summary>
    public long UsedTicks() => IsAlive() && Read(Pid) is { } fields
        ? long.Parse(fields[UserTime], CultureInfo.InvariantCulture)
            + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture)
        : 0;

    private static string[]? Read(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The name stands in parentheses and may hold anything, also parentheses.
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
