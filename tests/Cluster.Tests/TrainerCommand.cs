using System.Diagnostics;

using Trainer.Clusters;

namespace Trainer;

/// <summary>Runs the real <c>trainer</c> executable with a home and a working folder of its own.</summary>
internal sealed class TrainerCommand : IDisposable
{
    private readonly List<ProcessIdentity> _started = [];

    public TrainerCommand() => Directory.CreateDirectory(Home);

    public static string Executable { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Client", Configuration, "trainer"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("trainer-test-").FullName;

    public string Home => Path.Combine(Folder, "home");

    public Dictionary<string, string> Environment { get; } = [];

    // A program that runs the executable and measures it, e.g. tests/nightly/malformed-inputs.
    private static string[] Wrapper =>
        System.Environment.GetEnvironmentVariable("TRAINER_TEST_WRAPPER") is { Length: > 0 } path ? [path] : [];

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    public Process Start(params string[] arguments)
    {
        // Who starts the tests in the background of a script has SIGINT ignored, and programs inherit that.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", .. Wrapper, Executable, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TRAINER_HOME"] = Home;
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{Executable}' did not start.");
        process.StandardInput.Close();
        if (ProcessIdentity.TryFind(process.Id) is { } identity)
        {
            _started.Add(identity);
        }

        return process;
    }

    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    // A test that failed half-way leaves its processes.
    public void Dispose()
    {
        foreach (ProcessIdentity started in _started.Where(process => process.IsAlive()))
        {
            using Process process = Process.GetProcessById(started.Pid);
            process.Kill();
            process.WaitForExit();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
