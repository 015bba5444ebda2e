using System.Globalization;
using System.Text.Json.Nodes;

using Trainer.Backends;
using Trainer.Clusters;
using Trainer.Kernels;

namespace Trainer.Diagnosis;

/// <summary>The checks of <c>trainer doctor</c>: what this machine offers and what stands in the way.</summary>
internal static class Doctor
{
    private const long Gibibyte = 1L << 30;
    private const long LittleMemory = Gibibyte;
    private const long LittleDisk = Gibibyte;
    private const long LittleSharedMemory = 64L << 20;
    private const string SharedMemoryFolder = "/dev/shm";

    // A clock may be set back by some seconds, and files come from machines with clocks of their own.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(26);

    /// <summary>Runs all checks.</summary>
    /// <param name="home">This user's home.</param>
    /// <param name="time">The clock.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        TrainerHome home, TimeProvider time, CancellationToken cancellationToken) =>
    [
        Simd(SimdLevel.Bits, SimdLevel.Instructions),
        Kernel(),
        Cores(Environment.ProcessorCount),
        Memory(MemoryInfo.Total(), MemoryInfo.Available()),
        Runtime(Environment.Version),
        HomeCheck.Examine(home, LittleDisk),
        await LoopbackCheck.ExamineAsync(cancellationToken),
        Clock(time.GetUtcNow(), File.GetLastWriteTimeUtc(typeof(Doctor).Assembly.Location)),
        SharedMemory(SharedMemoryFolder),
        Devices(),
        .. ClusterCheck.Examine(home),
    ];

    /// <summary>The vector width.</summary>
    public static Finding Simd(int bits, string instructions) => new(
        "simd",
        bits >= 256 ? FindingState.Ok : FindingState.Warn,
        bits > 32 ? $"{bits}-bit vectors, {instructions}" : "none: one number at a time",
        bits >= 256
            ? null
            : "training is correct but slow; if the processor has AVX2 and FMA, unset DOTNET_EnableAVX2 and "
                + "DOTNET_EnableHWIntrinsic, or let the virtual machine pass them on")
    {
        Facts = [("bits", JsonValue.Create(bits)), ("instructions", JsonValue.Create(instructions))],
    };

    /// <summary>The number of cores.</summary>
    public static Finding Cores(int cores) => new(
        "cores",
        cores > 1 ? FindingState.Ok : FindingState.Warn,
        cores.ToString(CultureInfo.InvariantCulture),
        cores > 1 ? null : "silos share it, so more than one silo is no faster; '--silos 0' saves their messages")
    {
        Facts = [("cores", JsonValue.Create(cores))],
    };

    /// <summary>The memory that processes can have.</summary>
    /// <param name="total">Bytes of the machine or of its container.</param>
    /// <param name="available">Bytes that are free now; null when unknown.</param>
    public static Finding Memory(long total, long? available)
    {
        bool isLittle = (available ?? total) < LittleMemory;
        return new Finding(
            "memory",
            isLittle ? FindingState.Warn : FindingState.Ok,
            available is { } free ? $"{Bytes.Text(free)} available of {Bytes.Text(total)}" : Bytes.Text(total),
            isLittle ? "use few silos, for each is a process of its own, or end what else runs" : null)
        {
            Facts =
            [
                ("total_bytes", JsonValue.Create(total)),
                ("available_bytes", JsonValue.Create(available ?? total)),
            ],
        };
    }

    /// <summary>The clock against the time when this program was made.</summary>
    public static Finding Clock(DateTimeOffset now, DateTimeOffset built)
    {
        bool isBehind = now + ClockTolerance < built;
        return new Finding(
            "clock",
            isBehind ? FindingState.Warn : FindingState.Ok,
            now.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
            isBehind ? "it is behind the time when this program was built; set it, for runs are sorted by it" : null);
    }

    /// <summary>The file system in memory.</summary>
    /// <param name="folder">Where it is mounted.</param>
    public static Finding SharedMemory(string folder)
    {
        const string Name = "shm";
        if (!Directory.Exists(folder))
        {
            return new Finding(Name, FindingState.Warn, $"{folder} does not exist", $"mount a tmpfs on {folder}");
        }

        long free = new DriveInfo(folder).AvailableFreeSpace;
        return new Finding(
            Name,
            free >= LittleSharedMemory ? FindingState.Ok : FindingState.Warn,
            $"{Bytes.Text(free)} free in {folder}",
            free >= LittleSharedMemory ? null : "give it at least 64 MiB, in a container by --shm-size")
        {
            Facts = [("free_bytes", JsonValue.Create(free))],
        };
    }

    private static Finding Kernel() => new("kernel", FindingState.Ok, CpuBackend.OneThread.Kernel)
    {
        Facts = [("id", JsonValue.Create(CpuBackend.OneThread.Kernel))],
    };

    private static Finding Runtime(Version version) => new("dotnet", FindingState.Ok, version.ToString())
    {
        Facts = [("version", JsonValue.Create(version.ToString()))],
    };

    private static Finding Devices() =>
        new("gpu", FindingState.Ok, "none is used: 'device: gpu' is not built yet, jobs run on the cores")
        {
            Facts = [("devices", JsonValue.Create(0))],
        };
}
