using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;

using Trainer.Cluster;

using Xunit;

namespace Trainer.Clusters;

/// <summary><c>up</c>, <c>status</c>, <c>scale</c> and <c>down</c> with real processes.</summary>
public sealed partial class ClusterCommandTests : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int Freeze = 19;

    private readonly ClusterSandbox _sandbox = new();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Up_OutputCapturedByAShell_ReturnsThoughSilosLive()
    {
        // Descriptor 9 is the pipe that the shell reads to its end: it must not be passed on either.
        string script = $"x=$('{TrainerCommand.Executable}' up --silos 1 9>&1); printf %s \"$x\"";
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment["TRAINER_HOME"] = _sandbox.Home.Root;
        using Process shell = Process.Start(start)!;
        CancellationToken stop = TestContext.Current.CancellationToken;

        string output = await shell.StandardOutput.ReadToEndAsync(stop).WaitAsync(TimeSpan.FromSeconds(30), stop);

        Assert.Contains("active", output, StringComparison.Ordinal);
        Assert.True(Assert.Single(_sandbox.Folder().ReadSilos()).IsAlive);
    }

    [Fact]
    public async Task Up_Silos_AreDetached()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");

        int pid = Assert.Single(_sandbox.Folder().ReadSilos()).Process.Pid;
        string[] stat = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        Assert.Equal($"{pid}", stat[5]); // session
        Assert.Equal("0", stat[6]); // terminal
        Assert.Equal("/dev/null", new FileInfo($"/proc/{pid}/fd/0").LinkTarget);
        Assert.Equal(_sandbox.Folder().Log("silo-0"), new FileInfo($"/proc/{pid}/fd/1").LinkTarget);
        Assert.Equal(_sandbox.Folder().Log("silo-0"), new FileInfo($"/proc/{pid}/fd/2").LinkTarget);
        Assert.Equal("/", new FileInfo($"/proc/{pid}/cwd").LinkTarget);
    }

    [Fact]
    public async Task Status_Running_HasTheContractsShape()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");
        GrainLocation[] grains = [new GrainLocation("job digits-0001", "silo-0")];
        var job = new JobStateFile("digits-0001", "digits", "running", 3, 120, 120, 1, "messages", grains, [], "/x");
        job.Write(_sandbox.Folder().Jobs);
        (job with { Id = "digits-0002", State = "completed" }).Write(_sandbox.Folder().Jobs);

        CommandResult result = await _sandbox.SucceedAsync("status", "--json");

        SiloStateFile silo = Assert.Single(_sandbox.Folder().ReadSilos());
        string expected = $$"""
            {"cluster":"default","page":null,"silos":[{"name":"silo-0","pid":{{silo.Process.Pid}},
            "silo_port":{{silo.SiloPort}},"gateway_port":{{silo.GatewayPort}},"state":"active"}],
            "jobs":[{"id":"digits-0001","name":"digits","state":"running",
            "epoch":3,"step":120,"version":120,"incarnation":1,"plane":"messages","grains":[{"grain":"job digits-0001",
            "silo":"silo-0"}],"stragglers":[]}],"sweeps":[]}
            """;
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(result.Output).RootElement), result.Output);
    }

    [Fact]
    public async Task Up_Running_IsRefused()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");

        CommandResult result = await _sandbox.RunAsync("up");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith(
            "trainer: Cluster 'default' is already running with 1 silo;", result.Error, StringComparison.Ordinal);
        Assert.Single(await _sandbox.StatusAsync(), silo => silo.State == SiloStates.Active);
    }

    [Fact]
    public async Task Up_TwiceAtOnce_OneWins()
    {
        CommandResult[] results = await Task.WhenAll(
            _sandbox.RunAsync("up", "--silos", "1"), _sandbox.RunAsync("up", "--silos", "1"));

        Assert.Equal([ExitCode.Done, ExitCode.Usage], results.Select(result => result.ExitCode).Order());
        Assert.Single(await _sandbox.StatusAsync());
    }

    [Fact]
    public async Task Up_Interrupted_LeavesNothing()
    {
        using Process up = _sandbox.Trainer.Start("up");
        await ClusterSandbox.UntilAsync(
            () => _sandbox.Folder().ReadSilos().Count > 0, TimeSpan.FromSeconds(20), () => "a silo starts");
        IReadOnlyList<SiloStateFile> silos = _sandbox.Folder().ReadSilos();

        Assert.Equal(0, SendSignal(up.Id, Interrupt));
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Cancelled, up.ExitCode);
        Assert.DoesNotContain(silos, silo => silo.IsAlive);
        Assert.Null(_sandbox.Folder().ReadCluster());
    }

    [Fact]
    public async Task Up_OneSiloCannotStart_FailsAsAWhole()
    {
        Directory.CreateDirectory(_sandbox.Folder().Log("silo-1"));

        CommandResult result = await _sandbox.RunAsync("up", "--silos", "2");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("did not start", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_sandbox.Folder().ReadSilos(), silo => silo.IsAlive);
        Assert.Null(_sandbox.Folder().ReadCluster());
    }

    [Fact]
    public async Task Kill_OneSilo_StatusShowsItAndScaleReplacesIt()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        SiloStateFile killed = _sandbox.Folder().ReadSilos()[1];

        DetachedProcess.End(killed.Process);

        Assert.Equal([SiloStates.Active, SiloStates.Dead], (await _sandbox.StatusAsync()).Select(silo => silo.State));
        await _sandbox.SucceedAsync("scale", "2");
        IReadOnlyList<SiloStateFile> silos = _sandbox.Folder().ReadSilos();
        Assert.Equal(["silo-0", "silo-1"], silos.Select(silo => silo.Name));
        Assert.All(silos, silo => Assert.Equal(SiloStates.Active, silo.State));
        Assert.All(silos, silo => Assert.Equal(silos.Select(other => other.SiloPort).Order(), silo.Sees));
        Assert.NotEqual(killed.Process, silos[1].Process);
    }

    [Fact]
    public async Task Freeze_OneSilo_IsGivenUpAndReplaced()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        SiloStateFile frozen = _sandbox.Folder().ReadSilos()[1];

        Assert.Equal(0, SendSignal(frozen.Process.Pid, Freeze));
        await ClusterSandbox.UntilAsync(
            () => _sandbox.Folder().ReadSilos()[1].State == SiloStates.Dead,
            TimeSpan.FromSeconds(20),
            () => "the other silo gives it up");
        await _sandbox.SucceedAsync("scale", "2");

        Assert.False(frozen.IsAlive);
        Assert.All(_sandbox.Folder().ReadSilos(), silo => Assert.Equal(SiloStates.Active, silo.State));
    }

    [Fact]
    public async Task Scale_UpThenDown_StartsAndDrains()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");

        await _sandbox.SucceedAsync("scale", "3");
        IReadOnlyList<SiloStateFile> three = _sandbox.Folder().ReadSilos();
        await _sandbox.SucceedAsync("scale", "1");

        Assert.All(three, silo => Assert.Equal(SiloStates.Active, silo.State));
        Assert.Equal(
            [("silo-0", SiloStates.Active), ("silo-1", SiloStates.Stopped), ("silo-2", SiloStates.Stopped)],
            (await _sandbox.StatusAsync()).Select(silo => (silo.Name, silo.State)));
        Assert.Equal([true, false, false], three.Select(silo => silo.IsAlive));
    }

    [Fact]
    public async Task Scale_NewSiloCannotStart_ClusterIsDeclaredAsBefore()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1");
        Directory.CreateDirectory(_sandbox.Folder().Log("silo-1"));

        CommandResult result = await _sandbox.RunAsync("scale", "2");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Equal(1, _sandbox.Folder().ReadCluster()!.Silos);
        Assert.Equal(SiloStates.Active, Assert.Single(await _sandbox.StatusAsync()).State);
    }

    [Fact]
    public async Task Up_AfterKillOfEverything_ClearsLeftovers()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        foreach (SiloStateFile silo in _sandbox.Folder().ReadSilos())
        {
            DetachedProcess.End(silo.Process);
        }

        Assert.All(await _sandbox.StatusAsync(), silo => Assert.Equal(SiloStates.Dead, silo.State));
        await _sandbox.SucceedAsync("up", "--silos", "1");

        Assert.Equal(SiloStates.Active, Assert.Single(await _sandbox.StatusAsync()).State);
    }

    [Fact]
    public async Task Up_LeftoversOfAnotherBoot_AreNotTakenForLiving()
    {
        // A power cut: the process ids in the files are others' by now; here this test's own.
        ClusterLifecycle.Declare(_sandbox.Folder(), 1, 1, owner: null, untilJob: null);
        ProcessIdentity reused = ProcessIdentity.Current with { Boot = "another" };
        _sandbox.Folder().Write(new SiloStateFile("silo-0", reused, 1, 2, SiloStates.Active, [1]));
        File.WriteAllText(Path.Combine(_sandbox.Folder().Membership, "1.json"), "{\"version\":1,\"ro");

        await _sandbox.SucceedAsync("up", "--silos", "1");

        SiloStateFile silo = Assert.Single(_sandbox.Folder().ReadSilos());
        Assert.Equal(SiloStates.Active, silo.State);
    }

    [Fact]
    public async Task Down_Running_LeavesNoProcessSocketOrLock()
    {
        await _sandbox.SucceedAsync("up", "--silos", "2");
        IReadOnlyList<SiloStateFile> silos = _sandbox.Folder().ReadSilos();

        await _sandbox.SucceedAsync("down");

        Assert.DoesNotContain(silos, silo => silo.IsAlive);
        Assert.All(silos.SelectMany(silo => new[] { silo.SiloPort, silo.GatewayPort }), AssertFree);
        Assert.Equal(
            ["jobs", "logs", "sweeps"],
            Directory.GetFileSystemEntries(_sandbox.Folder().Path).Select(Path.GetFileName).Order());
        Assert.Equal(ExitCode.Unreachable, (await _sandbox.RunAsync("status")).ExitCode);
        Assert.Equal(ExitCode.Unreachable, (await _sandbox.RunAsync("down")).ExitCode);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("down")]
    [InlineData("scale", "2")]
    public async Task Command_ClusterNeverStarted_SaysHowToStartIt(params string[] arguments)
    {
        CommandResult result = await _sandbox.RunAsync([.. arguments, "--cluster", "night"]);

        Assert.Equal(ExitCode.Unreachable, result.ExitCode);
        Assert.Equal(
            "trainer: Cluster 'night' is not running; start it with 'trainer up --cluster night'.\n", result.Error);
        Assert.False(Directory.Exists(_sandbox.Folder("night").Path));
    }

    [Fact]
    public async Task TwoClusters_SideBySide_AreIndependent()
    {
        await _sandbox.SucceedAsync("up", "--silos", "1", "--cluster", "day");
        await _sandbox.SucceedAsync("up", "--silos", "1", "--cluster", "night");

        await _sandbox.SucceedAsync("down", "--cluster", "day");

        Assert.Equal(ExitCode.Unreachable, (await _sandbox.RunAsync("status", "--cluster", "day")).ExitCode);
        Assert.Equal(SiloStates.Active, Assert.Single(await _sandbox.StatusAsync("night")).State);
    }

    private static void AssertFree(int port)
    {
        using var client = new TcpClient();
        Assert.Throws<SocketException>(() => client.Connect(IPAddress.Loopback, port));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
