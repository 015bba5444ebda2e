using System.Text.Json;

using Trainer.Clusters;
using Trainer.Kernels;

using Xunit;

namespace Trainer.Diagnosis;

public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-doctor-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ExamineAsync_NewHome_FindsNothingBrokenAndLeavesNothing()
    {
        var home = new TrainerHome(Path.Combine(_folder, "home"));

        IReadOnlyList<Finding> findings =
            await Doctor.ExamineAsync(home, TimeProvider.System, TestContext.Current.CancellationToken);

        string[] names = [.. findings.Select(finding => finding.Name)];
        Assert.Equal(
            ["simd", "kernel", "cores", "memory", "dotnet", "home", "ports", "clock", "shm", "gpu", "cluster"], names);
        Assert.DoesNotContain(findings, finding => finding.State == FindingState.Broken);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Root));
    }

    [Fact]
    public void Home_ThatIsAFile_IsBroken()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Finding finding = HomeCheck.Examine(new TrainerHome(Path.Combine(file, "home")), littleSpace: 0);

        Assert.Equal(FindingState.Broken, finding.State);
        Assert.Equal("set TRAINER_HOME to a folder that you may write", finding.Advice);
    }

    [Fact]
    public void Home_WithLittleSpace_IsAWarning() => Assert.Equal(
        FindingState.Warn, HomeCheck.Examine(new TrainerHome(_folder), littleSpace: long.MaxValue).State);

    [Theory]
    [InlineData(512, true)]
    [InlineData(256, true)]
    [InlineData(128, false)]
    [InlineData(32, false)]
    public void Simd_NarrowVectors_AreAWarning(int bits, bool isOk) =>
        Assert.Equal(isOk, Doctor.Simd(bits, "x").State == FindingState.Ok);

    [Theory]
    [InlineData(1L << 34, 1L << 33, true)]
    [InlineData(1L << 34, 1L << 29, false)]
    [InlineData(1L << 29, null, false)]
    public void Memory_Little_IsAWarning(long total, long? available, bool isOk) =>
        Assert.Equal(isOk, Doctor.Memory(total, available).State == FindingState.Ok);

    [Theory]
    [InlineData(-30, false)]
    [InlineData(-1, true)]
    [InlineData(24 * 365, true)]
    public void Clock_BehindTheBuild_IsAWarning(int hours, bool isOk)
    {
        var built = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(isOk, Doctor.Clock(built.AddHours(hours), built).State == FindingState.Ok);
    }

    [Fact]
    public void SharedMemory_Missing_IsAWarning() =>
        Assert.Equal(FindingState.Warn, Doctor.SharedMemory(Path.Combine(_folder, "shm")).State);

    [Fact]
    public void Clusters_WithoutALivingSilo_AdviseDown()
    {
        var home = new TrainerHome(_folder);
        var folder = new ClusterFolder(home, "night");
        folder.Create();
        folder.Write(new ClusterFile("night", "id", 2, 1, DateTimeOffset.UnixEpoch, null, null));

        Finding finding = Assert.Single(ClusterCheck.Examine(home));

        Assert.Equal(FindingState.Warn, finding.State);
        Assert.Equal("'night': 0 silos living, 0 dead, 0 unfinished jobs", finding.Text);
        Assert.Equal("'trainer down --cluster night' clears up", finding.Advice);
    }

    [Fact]
    public void Parse_Meminfo_ReadsAvailable() => Assert.Equal(
        3L << 10, MemoryInfo.Parse(["MemTotal:       5 kB", "MemAvailable:       3 kB"]));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(64L << 20, "64.0 MiB")]
    [InlineData(16_750_000_000, "15.6 GiB")]
    public void Bytes_AnySize_HasThreeDigits(long bytes, string expected) => Assert.Equal(expected, Bytes.Text(bytes));

    [Fact]
    public void Report_Warning_HasAdviceOnItsOwnLineAndTheWorstStateInJson()
    {
        Finding[] findings =
        [
            new("simd", FindingState.Ok, "512-bit"),
            new("home", FindingState.Warn, "little", "make \"room\""),
        ];

        string[] lines = [.. DoctorReport.Lines(findings)];
        JsonElement json = JsonDocument.Parse(DoctorReport.ToJson(findings)).RootElement;

        Assert.Equal(["ok    simd  512-bit", "warn  home  little", "            -> make \"room\""], lines);
        Assert.Equal("warn", json.GetProperty("state").GetString());
        Assert.Equal("make \"room\"", json.GetProperty("checks")[1].GetProperty("advice").GetString());
    }

    [Fact]
    public void SimdLevel_OfThisProcess_IsOneOfFour() =>
        Assert.True(SimdLevel.Bits is 32 or 128 or 256 or 512, $"{SimdLevel.Bits} bits");
}
