using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

using Trainer.Clusters;
using Trainer.Grains;
using Trainer.Jobs;
using Trainer.Reporting;

namespace Trainer.Sweeps;

/// <summary>Trials and folders of sweeps for tests.</summary>
internal static class TrialRows
{
    public const string File = """
        name: toy
        data: {source: heart}
        training: {epochs: 10}
        sweep:
          metric: validation.accuracy
          trials: 6
          repeats: 3
          space:
            optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}
            model.hidden: {layers: {int: [1, 2]}, width: {choice: [8, 16]}}
        """;

    public static SweepText Text { get; } =
        new(File, "toy.yaml", [], ImmutableDictionary<string, string>.Empty);

    /// <summary>A completed trial.</summary>
    public static TrialRow Completed(int number, double value, double rate = 0.01, params int[] hidden) => new(
        number,
        TrialState.Completed,
        "silo-0",
        [
            KeyValuePair.Create("optimizer.learning_rate", rate.ToString("R", CultureInfo.InvariantCulture)),
            KeyValuePair.Create("model.hidden", $"[{string.Join(", ", hidden)}]"),
        ],
        [
            KeyValuePair.Create("optimizer.learning_rate", rate.ToString("R", CultureInfo.InvariantCulture)),
            KeyValuePair.Create("model.hidden.layers", hidden.Length.ToString(CultureInfo.InvariantCulture)),
            .. hidden.Select((width, i) => KeyValuePair.Create(
                $"model.hidden.width.{i + 1}", width.ToString(CultureInfo.InvariantCulture))),
        ],
        10,
        value,
        [value],
        [value],
        0.4,
        null,
        null);

    /// <summary>A table of six trials: four completed, one pruned, one diverged.</summary>
    public static TrialRow[] Six() =>
    [
        Completed(0, 0.80, 0.001, 8),
        Completed(1, 0.90, 0.01234567, 16) with { Values = [0.88, 0.90, 0.92] },
        Completed(2, 0.70, 0.0002, 8, 16),
        Completed(3, 0.85, 0.05, 16, 8) with { State = TrialState.Pruned, Epochs = 3 },
        Completed(4, double.NaN, 0.1, 8) with
        {
            State = TrialState.Diverged, Epochs = 2, Values = [], Error = "loss is NaN at step 12 in layer 1",
        },
        Completed(5, 0.90, 0.02, 8),
    ];

    /// <summary>A sweep in a folder, with its entry in the index.</summary>
    public static SweepReference Write(TemporaryHome place, params TrialRow[] rows)
    {
        string folder = Path.Combine(place.Folder, "sweeps", "toy-0001");
        Directory.CreateDirectory(folder);
        var entry = new RunEntry("toy-0001", folder, null, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        place.Home.Create(place.Home.Sweeps);
        RunIndex.OfSweeps(place.Home).Update(entry);
        var sweep = SweepReference.Of(entry);
        new SweepRecord("toy-0001", Text, "00").Write(sweep);
        System.IO.File.WriteAllLines(
            Path.Combine(folder, TrialTable.FileName), rows.Select(TrialTable.ToLine));
        System.IO.File.WriteAllText(
            sweep.SummaryPath, JsonSerializer.Serialize(new { status = "completed", wall_seconds = 2.5 }));
        return sweep;
    }
}
