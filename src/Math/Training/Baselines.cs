using Trainer.Data;
using Trainer.Models;

namespace Trainer.Training;

/// <summary>What any model has to beat: the majority class or the mean, and logistic, softmax or linear regression on the same split.</summary>
public static class Baselines
{
    /// <summary>Computes the baselines.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="test">Rows to judge on (the test part, else validation, else train).</param>
    /// <param name="outputUnit">Kind of the target.</param>
    /// <param name="outputs">Logits.</param>
    /// <returns>Metrics by baseline name (<c>majority</c> or <c>mean</c>; <c>logistic_regression</c> or <c>linear_regression</c>).</returns>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Compute(
        RowSet train, RowSet test, OutputUnit outputUnit, int outputs, CancellationToken cancellationToken) => throw new NotImplementedException();
}
