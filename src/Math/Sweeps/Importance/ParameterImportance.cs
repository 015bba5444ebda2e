namespace Trainer.Sweeps.Importance;

/// <summary>How much of a metric's variance over the search space one parameter explains alone.</summary>
/// <param name="Path">The parameter.</param>
/// <param name="Mean">
/// From 0 to 1, mean over the trees of the forest; what all together lack to 1 are interactions.
/// </param>
/// <param name="Deviation">Standard deviation over the trees.</param>
public sealed record ParameterImportance(string Path, double Mean, double Deviation);
