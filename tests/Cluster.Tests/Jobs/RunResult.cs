using System.Text.Json;

using Xunit;

namespace Trainer.Jobs;

/// <summary>What a run leaves in its folder, without what may differ from run to run: times and places.</summary>
internal static class RunResult
{
    private static readonly string[] SummaryKeys =
        ["status", "epochs", "steps", "best_epoch", "weights_sha256", "train", "validation", "test", "baselines"];

    private static readonly string[] EpochKeys = ["epoch", "step", "train_loss", "validation", "gradient_norms"];

    public static void AssertSame(string expectedFolder, string actualFolder)
    {
        Assert.Equal(Summary(expectedFolder), Summary(actualFolder));
        Assert.Equal(Lines(expectedFolder).Select(Epoch), Lines(actualFolder).Select(Epoch));
    }

    public static string[] Lines(string folder)
    {
        string path = Path.Combine(folder, "metrics.jsonl");
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private static string Summary(string folder)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json")));
        return string.Join(
            '\n', SummaryKeys.Select(key => $"{key}: {summary.RootElement.GetProperty(key).GetRawText()}"));
    }

    private static string Epoch(string line)
    {
        using var epoch = JsonDocument.Parse(line);
        return string.Join(' ', EpochKeys.Select(key => epoch.RootElement.GetProperty(key).GetRawText()));
    }
}
