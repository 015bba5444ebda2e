using System.Text.Json;
using System.Text.Json.Serialization;

using Xunit;

namespace Trainer.Golden;

/// <summary>Figures computed by PyTorch in float64 (tests/Golden/torch-float64.json).</summary>
internal sealed class TorchFigures
{
    private static readonly Lazy<TorchFigures> Figures = new(Load);

    /// <summary>The file, read once.</summary>
    public static TorchFigures Instance => Figures.Value;

    /// <summary>Inputs of all cases, [4][3].</summary>
    [JsonPropertyName("X"), JsonRequired]
    public required double[][] Inputs { get; init; }

    /// <summary>The networks with their logits, losses and gradients.</summary>
    [JsonPropertyName("cases"), JsonRequired]
    public required TorchCase[] Cases { get; init; }

    /// <summary>Losses with their gradients by the logits.</summary>
    [JsonPropertyName("losses"), JsonRequired]
    public required TorchLosses Losses { get; init; }

    /// <summary>Trajectories of optimizers.</summary>
    [JsonPropertyName("optim"), JsonRequired]
    public required TorchTrajectories Optimizers { get; init; }

    /// <summary>Names of the cases, as data of a theory.</summary>
    public static TheoryData<string> CaseNames => [.. Instance.Cases.Select(figures => figures.Name)];

    /// <summary>The case of a name, see <see cref="TorchCase.Name"/>.</summary>
    public static TorchCase Case(string name) => Instance.Cases.Single(figures => figures.Name == name);

    private static TorchFigures Load()
    {
        using Stream stream = typeof(TorchFigures).Assembly.GetManifestResourceStream("Golden.torch-float64.json")
            ?? throw new InvalidOperationException("The embedded file Golden.torch-float64.json is missing.");
        return JsonSerializer.Deserialize<TorchFigures>(stream)
            ?? throw new InvalidOperationException("The embedded file Golden.torch-float64.json is empty.");
    }
}
