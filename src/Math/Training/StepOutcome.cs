namespace Trainer.Training;

/// <summary>What one update did.</summary>
/// <param name="LossSum">Sum of the losses of the batch's rows, times their weights.</param>
/// <param name="RowCount">Rows of the batch.</param>
/// <param name="WeightSum">Sum of the weights of the batch's rows.</param>
/// <param name="NonFinite">
/// Null, or what was NaN or infinite: <see cref="Loss"/>, a tensor's name such as <c>layers.1.weight</c>, or
/// <see cref="Gradient"/>.
/// </param>
public readonly record struct StepOutcome(double LossSum, int RowCount, double WeightSum, string? NonFinite)
{
    /// <summary>What is said when the loss is not finite.</summary>
    public const string Loss = "loss";

    /// <summary>What a partition says when the norm shows that the gradient of another one is not finite.</summary>
    public const string Gradient = "gradient";

    /// <summary>What was NaN or infinite in a batch that was skipped for it; the sums are then 0. Else null.</summary>
    public string? Skipped { get; init; }
}
