using System.Globalization;

using Trainer.Backends;
using Trainer.Commands;
using Trainer.Data;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Inference;

/// <summary>The columns that a model adds to the rows of a file: prediction and probabilities.</summary>
internal sealed class Predictions
{
    private const string PredictionColumn = "prediction";
    private const string ProbabilityPrefix = "p_";

    private readonly TrainedModel _model;
    private readonly float[] _logits;
    private readonly float[] _values;
    private readonly double _smallestPositive;

    /// <summary>Predicts rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows; their targets are not read.</param>
    /// <param name="threshold">Threshold of the positive class; only for a binary model.</param>
    public Predictions(TrainedModel model, RowSet rows, double threshold)
    {
        _model = model;
        _smallestPositive = TrainedModel.SmallestPositiveLogit(threshold);

        // Classes are decided by logits, as in an evaluation: probabilities near 0 or 1 round to equal values.
        _logits = CpuBackend.OneThread.Predict(
            model.Network with { OutputUnit = OutputUnit.Linear, Loss = LossFunction.MeanSquaredError },
            model.Weights,
            rows);
        _values = model.Network.OutputUnit == OutputUnit.Linear
            ? _logits
            : CpuBackend.OneThread.Predict(model.Network, model.Weights, rows);
        Columns = [.. ColumnsOf(model)];
    }

    /// <summary>
    /// Names of the columns: <c>prediction</c>, of several targets <c>prediction_TARGET</c>, and <c>p_CLASS</c>.
    /// </summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The values of a row, in the order of the columns; numbers read back as the same binary32.</summary>
    public IEnumerable<string> Row(int row)
    {
        IReadOnlyList<string> classes = _model.File.Pipeline.ClassNames;
        ReadOnlyMemory<float> values = Slice(_values, row);
        return _model.Network.OutputUnit switch
        {
            OutputUnit.Linear => Texts(values),
            OutputUnit.Sigmoid => Texts(new[] { 1 - values.Span[0], values.Span[0] })
                .Prepend(classes[_logits[row] >= _smallestPositive ? 1 : 0]),
            _ => Texts(values).Prepend(classes[Largest(Slice(_logits, row).Span)]),
        };
    }

    /// <summary>Refuses a file that already has one of the columns: two of one name cannot be told apart.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file as the user named it.</param>
    /// <param name="columns">Its columns.</param>
    /// <exception cref="CommandException">There is such a column.</exception>
    public static void RequireNoClash(TrainedModel model, string file, IReadOnlyList<string> columns)
    {
        if (ColumnsOf(model).FirstOrDefault(columns.Contains) is { } clash)
        {
            throw new CommandException(
                $"'{file}' already has a column '{clash}', which 'predict' adds; rename or remove it.");
        }
    }

    private static IEnumerable<string> ColumnsOf(TrainedModel model)
    {
        IReadOnlyList<string> targets = model.File.Pipeline.TargetColumns;
        return model.Network.OutputUnit == OutputUnit.Linear && targets.Count > 1
            ? targets.Select(target => $"{PredictionColumn}_{target}")
            : model.File.Pipeline.ClassNames.Select(name => ProbabilityPrefix + name).Prepend(PredictionColumn);
    }

    private static IEnumerable<string> Texts(ReadOnlyMemory<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            yield return values.Span[i].ToString(CultureInfo.InvariantCulture);
        }
    }

    // The first of equal logits wins, as in an evaluation.
    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private ReadOnlyMemory<float> Slice(float[] all, int row) =>
        all.AsMemory(row * _model.Network.Outputs, _model.Network.Outputs);
}
