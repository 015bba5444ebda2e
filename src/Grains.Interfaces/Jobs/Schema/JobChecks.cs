using System.Globalization;

using Trainer.Data;
using Trainer.Jobs.Documents;

namespace Trainer.Jobs.Schema;

/// <summary>What two keys of a job file have to agree on.</summary>
internal static class JobChecks
{
    private const double SumTolerance = 1e-9;

    /// <summary>Checks a job that was read key by key.</summary>
    /// <param name="root">The tree it was read from, for places.</param>
    /// <exception cref="Errors.ConfigurationException">Keys contradict each other.</exception>
    public static void Check(JobSpec job, MapNode root)
    {
        CheckFolds(job.Split, root);
        CheckSplit(job, root);
        CheckShards(job, root);
        CheckOptimizer(job.Optimizer, root);
    }

    private static void CheckOptimizer(OptimizerSpec optimizer, MapNode root)
    {
        if (optimizer is SgdSpec { Nesterov: true, Momentum: 0 })
        {
            throw Problem.At(
                PlaceOf(root, "optimizer", "nesterov"),
                "'optimizer.nesterov' is true, but 'optimizer.momentum' is 0; set a momentum such as 0.9.");
        }
    }

    private static void CheckSplit(JobSpec job, MapNode root)
    {
        SplitSpec split = job.Split;
        if (split.TestSource is not null || FileSet.Find(job.Data.Source) is not null)
        {
            CheckOwnTest(split.Fractions(hasOwnTest: true), root);
            return;
        }

        if (split.TestTarget is not null)
        {
            throw Problem.At(
                PlaceOf(root, "split", "test_target"),
                "'split.test_target' is set without 'split.test_source'; set both.");
        }

        split = split.Fractions(hasOwnTest: false);
        double sum = split.Train + split.Validation + split.Test;
        if (double.Abs(sum - 1) > SumTolerance)
        {
            string parts = string.Create(
                CultureInfo.InvariantCulture,
                $"{sum:G10} (train {split.Train}, validation {split.Validation}, test {split.Test})");
            throw Problem.At(
                PlaceOf(root, "split"), $"the parts of 'split' sum to {parts}; they must sum to 1: set all three.");
        }
    }

    // The defaults, or what a job with folds becomes when it is resolved.
    private static void CheckFolds(SplitSpec split, MapNode root)
    {
        SplitSpec parts = split.Fractions(hasOwnTest: false);
        if (split.Folds is not null && (parts.Train, parts.Validation, parts.Test) != (1, 0, 0))
        {
            throw Problem.At(
                PlaceOf(root, "split"),
                "'split' has both 'folds' and parts; with folds each one is the test part of the others: remove "
                + "'train', 'validation' and 'test'.");
        }
    }

    private static void CheckOwnTest(SplitSpec split, MapNode root)
    {
        if (split.Test != 0)
        {
            throw Problem.At(
                PlaceOf(root, "split", "test"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'split.test' is {split.Test}, but the test part is a file of its own; leave it out."));
        }

        double sum = split.Train + split.Validation;
        if (double.Abs(sum - 1) > SumTolerance)
        {
            string parts = string.Create(
                CultureInfo.InvariantCulture, $"{sum:G10} (train {split.Train}, validation {split.Validation})");
            throw Problem.At(
                PlaceOf(root, "split"),
                $"the parts of 'split' sum to {parts}; without the test part, a file of its own, they must sum to 1: "
                + "set both.");
        }
    }

    private static void CheckShards(JobSpec job, MapNode root)
    {
        int? shards = job.Distributed.LogicalShards;
        if (shards > job.Training.BatchSize)
        {
            throw Problem.At(
                PlaceOf(root, "distributed", "logical_shards"),
                $"'distributed.logical_shards' is {shards}, but 'training.batch_size' is {job.Training.BatchSize}; "
                + "set at most as many logical shards as a batch has rows, or auto.");
        }

        if (job.Distributed.Workers > shards)
        {
            throw Problem.At(
                PlaceOf(root, "distributed", "workers"),
                $"'distributed.workers' is {job.Distributed.Workers}, but 'distributed.logical_shards' is {shards}; "
                + "set at most as many workers as logical shards, or auto.");
        }
    }

    // The deepest part of the path that was written.
    private static Place PlaceOf(MapNode root, params string[] path)
    {
        Place place = root.Place;
        SourceNode node = root;
        foreach (string key in path)
        {
            if (node is not MapNode map || !map.Entries.TryGetValue(key, out MapEntry? entry))
            {
                break;
            }

            place = entry.Place;
            node = entry.Value;
        }

        return place;
    }
}
