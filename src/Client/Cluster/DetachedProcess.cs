using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;

using Trainer.Clusters;

namespace Trainer.Cluster;

/// <summary>
/// A process that outlives this one: own session, standard streams on files, no descriptor inherited.
/// </summary>
/// <remarks>
/// <see cref="System.Diagnostics.Process"/> cannot do this: it passes on descriptors that this process inherited itself
/// (a shell's pipe, whose reader then waits for ever) and its redirections end with it.
/// </remarks>
internal static unsafe partial class DetachedProcess
{
    private const string LibC = "libc";
    private const int StructBytes = 1024; // posix_spawnattr_t and posix_spawn_file_actions_t take 336 and 80 bytes.
    private const int SignalSetBytes = 128;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int WriteAppendCreate = 0x1 | 0x400 | 0x40; // O_WRONLY | O_APPEND | O_CREAT
    private const int OwnerReadWrite = 0x180; // 0600
    private const int NoHang = 1;
    private const int Terminate = 15;
    private const int Kill = 9;
    private const int Continue = 18;

    // Dispositions that this process changed or inherited: HUP, INT, QUIT, PIPE, TERM, CHLD.
    private static readonly int[] DefaultSignals = [1, 2, 3, 13, 15, 17];

    /// <summary>Starts a process.</summary>
    /// <param name="command">Path of the executable, then its arguments.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="log">File that its standard output and error are appended to.</param>
    /// <returns>The process; null where it ended at once.</returns>
    public static ProcessIdentity? Start(IReadOnlyList<string> command, IDictionary environment, string log)
    {
        byte* attributes = stackalloc byte[StructBytes];
        byte* actions = stackalloc byte[StructBytes];
        Check(AttributesInit(attributes));
        Check(ActionsInit(actions));
        try
        {
            SetAttributes(attributes);
            SetStreams(actions, log);
            int pid = Spawn(command, environment, attributes, actions);
            return ProcessIdentity.TryFind(pid);
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>Asks a process to end, also one that is frozen.</summary>
    public static void Stop(ProcessIdentity process)
    {
        Send(process, Terminate);
        Send(process, Continue);
    }

    /// <summary>Ends a process.</summary>
    public static void End(ProcessIdentity process) => Send(process, Kill);

    /// <summary>Takes note of an ended child of this process, which otherwise stays in the process table.</summary>
    public static void Reap(int pid) => _ = WaitPid(pid, null, NoHang);

    private static void Send(ProcessIdentity process, int signal)
    {
        // Its id may be another's by now.
        if (process.IsAlive())
        {
            _ = SendSignal(process.Pid, signal);
        }
    }

    private static void SetAttributes(byte* attributes)
    {
        byte* signals = stackalloc byte[SignalSetBytes];
        new Span<byte>(signals, SignalSetBytes).Clear();
        Check(SetMask(attributes, signals));
        foreach (int signal in DefaultSignals)
        {
            signals[(signal - 1) / 8] |= (byte)(1 << ((signal - 1) % 8));
        }

        Check(SetDefaults(attributes, signals));
        Check(SetFlags(attributes, SetSession | SetSignalDefaults | SetSignalMask));
    }

    private static void SetStreams(byte* actions, string log)
    {
        Check(AddOpen(actions, 0, "/dev/null", 0, 0));
        Check(AddOpen(actions, 1, log, WriteAppendCreate, OwnerReadWrite));
        Check(AddDuplicate(actions, 1, 2));
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            if (descriptor > 2)
            {
                // One that closes meanwhile does no harm: closing what is not open is no error here.
                Check(AddClose(actions, descriptor));
            }
        }
    }

    private static int Spawn(IReadOnlyList<string> command, IDictionary environment, byte* attributes, byte* actions)
    {
        nint[] arguments = Strings(command);
        nint[] variables = Strings(
            environment.Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}"));
        try
        {
            fixed (nint* argumentList = arguments, variableList = variables)
            {
                int error = PosixSpawn(out int pid, command[0], actions, attributes, argumentList, variableList);
                return error == 0 ? pid : throw new IOException($"'{command[0]}' did not start: {Describe(error)}.");
            }
        }
        finally
        {
            Array.ForEach(arguments, Marshal.FreeCoTaskMem);
            Array.ForEach(variables, Marshal.FreeCoTaskMem);
        }
    }

    private static nint[] Strings(IEnumerable<string> texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new IOException($"A process could not be prepared: {Describe(error)}.");
        }
    }

    private static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    [LibraryImport(LibC, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(
        out int pid, string path, byte* actions, byte* attributes, nint* arguments, nint* environment);

    [LibraryImport(LibC, EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport(LibC, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, int mode);

    [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_addclose")]
    private static partial int AddClose(byte* actions, int descriptor);

    [LibraryImport(LibC, EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport(LibC, EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, int* status, int options);
}
