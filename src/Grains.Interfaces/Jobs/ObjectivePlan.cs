using System.Collections.Immutable;

using Trainer.Data;
using Trainer.Errors;
using Trainer.Jobs.Documents;
using Trainer.Jobs.Schema;
using Trainer.Losses;
using Trainer.Models;

namespace Trainer.Jobs;

/// <summary>What a job trains beyond the plain loss, from its spec and its data. Pure.</summary>
internal static class ObjectivePlan
{
    /// <summary>The loss of a job; null in the spec follows the output unit.</summary>
    /// <exception cref="ConfigurationException">The loss does not fit the output unit.</exception>
    public static LossFunction LossOf(LossSpec? spec, OutputUnit unit)
    {
        LossFunction fitting = unit switch
        {
            OutputUnit.Linear => LossFunction.MeanSquaredError,
            OutputUnit.Sigmoid => LossFunction.BinaryCrossEntropy,
            _ => LossFunction.CrossEntropy,
        };
        LossFunction loss = spec?.Name ?? fitting;
        bool fits = loss == fitting || (loss == LossFunction.Perceptron && unit == OutputUnit.Sigmoid);
        return fits ? loss : throw new ConfigurationException(
            $"'loss' is {Name(loss)}, which does not fit the output unit {ValueNames.OutputUnits.NameOf(unit)}; set "
            + $"it to {Name(fitting)} or auto.");
    }

    /// <summary>The objective of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">The plan of its data.</param>
    /// <param name="loss">Its loss.</param>
    /// <exception cref="ConfigurationException">A key of the loss does not go with the loss or the classes.</exception>
    public static TrainingObjective Create(JobSpec job, DataPlan data, LossFunction loss)
    {
        LossSpec spec = job.Loss ?? new LossSpec();
        Require(
            spec.LabelSmoothing == 0 || loss == LossFunction.CrossEntropy,
            "label_smoothing",
            "cross_entropy",
            loss);
        Require(
            spec.PositiveWeight is null || loss == LossFunction.BinaryCrossEntropy,
            "positive_weight",
            "binary_cross_entropy",
            loss);
        Require(
            spec.ClassWeights is null || loss != LossFunction.MeanSquaredError,
            "class_weights",
            "a target of classes",
            loss);
        if (loss == LossFunction.Perceptron && job.Model.Threshold != new ModelSpec().Threshold)
        {
            throw new ConfigurationException(
                $"'model.threshold' is {job.Model.Threshold}, but a perceptron gives no probability, only a class; "
                + "leave it out.");
        }

        return new TrainingObjective
        {
            Dropout = job.Model.Dropout,
            LabelSmoothing = spec.LabelSmoothing,
            PositiveWeight = (float)(spec.PositiveWeight ?? 1),
            ClassWeights = spec.ClassWeights is { } weights ? Table(weights, data) : [],
        };
    }

    // Balanced: N / (K N_c) over the training rows, as in scikit-learn; computed in double, then rounded once.
    private static ImmutableArray<float> Table(ClassWeightsSpec spec, DataPlan data)
    {
        ImmutableArray<string> names = data.Pipeline.ClassNames;
        if (spec.Weights.IsEmpty)
        {
            ImmutableArray<int> rows = data.TrainClassRows;
            double all = rows.Sum(count => (double)count);
            return [.. rows.Select(count => count == 0 ? 0f : (float)(all / (rows.Length * (double)count)))];
        }

        float[] table = new float[names.Length];
        table.AsSpan().Fill(1f);
        foreach (ClassWeight weight in spec.Weights)
        {
            int index = names.IndexOf(weight.Class);
            if (index < 0)
            {
                string near = NearestName.Of(weight.Class, names) is { } name
                    ? $"did you mean '{Problem.Quote(name)}'?"
                    : $"the classes are {Problem.Quote(string.Join(", ", names))}.";
                throw new ConfigurationException(
                    $"'loss.class_weights.{Problem.Quote(weight.Class)}' names no class of the target; {near}");
            }

            table[index] = (float)weight.Weight;
        }

        double sum = table.Select((weight, index) => (double)weight * data.TrainClassRows[index]).Sum();
        return sum > 0 ? [.. table] : throw new ConfigurationException(
            "'loss.class_weights' gives every training row the weight 0; give at least one class more.");
    }

    private static void Require(bool fits, string key, string needed, LossFunction loss)
    {
        if (!fits)
        {
            throw new ConfigurationException(
                $"'loss.{key}' is set, but the loss is {Name(loss)}; it goes with {needed} only, so leave it out.");
        }
    }

    private static string Name(LossFunction loss) => ValueNames.Losses.NameOf(loss);
}
