using System.Text.Json;

using Trainer.Clusters;
using Trainer.Errors;
using Trainer.Formats;
using Trainer.Jobs;

namespace Trainer.Sweeps;

/// <summary>
/// How many trials a proposal does not wait for, decided when a sweep first starts and kept in its folder: so a sweep
/// that goes on with other silos proposes what it would have proposed.
/// </summary>
internal static class SweepWindow
{
    private const string FileName = "window.json";

    /// <summary>The window of a sweep; null: proposals wait for nobody.</summary>
    /// <param name="file">The sweep.</param>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="threads">Compute threads of the silos.</param>
    /// <exception cref="TrainerException">The file in the folder is damaged.</exception>
    public static int? Of(SweepFile file, string folder, int threads)
    {
        // Proposals that learn from nobody, and schedulers that hold trials back for others, must not wait.
        if (file.Sweep.Scheduler is not (NoSchedulerSpec or MedianSpec)
            || file.Sweep.Sampler is RandomSpec or GridSpec or SobolSpec or LatinHypercubeSpec)
        {
            return null;
        }

        string path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return Read(path);
        }

        // One after the other: each knows all before it. Else twice as many as run at once, so that a long trial does
        // not keep the others waiting.
        int parallel = file.Sweep.Parallel ?? threads;
        int window = parallel == 1 ? 0 : 2 * parallel;
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(new Content(window), JobStateFile.Json));
        return window;
    }

    private static int Read(string path)
    {
        try
        {
            int window = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), JobStateFile.Json)!.Window;
            return window >= 0 ? window : throw new JsonException();
        }
        catch (Exception error) when (error is JsonException or NullReferenceException)
        {
            throw new TrainerException(
                $"{path}: the file is damaged; remove it to go on, with other proposals than an undisturbed sweep.");
        }
    }

    private sealed record Content(int Window);
}
