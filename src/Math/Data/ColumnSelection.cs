using System.Collections.Immutable;

namespace Trainer.Data;

/// <summary>Which columns of a file are features and which are targets, as indices.</summary>
/// <param name="Features">Feature columns; in file order when chosen from a request.</param>
/// <param name="Targets">Target columns in the order asked for.</param>
/// <param name="Weights">Column of the rows' weights; null: none.</param>
internal sealed record ColumnSelection(
    ImmutableArray<int> Features, ImmutableArray<int> Targets, int? Weights = null)
{
    private const string WeightsKey = "data.weights";

    /// <summary>The columns that a request asks for.</summary>
    public static ColumnSelection Choose(RowReader reader, DataRequest request)
    {
        ImmutableArray<int> targets = Find(reader, TargetNames(reader, request), "data.target");
        ImmutableArray<int> include = Find(reader, request.Include, "data.features.include");
        ImmutableArray<int> exclude = Find(reader, request.Exclude, "data.features.exclude");
        if (include.Intersect(targets).Select(index => reader.Columns[index]).FirstOrDefault() is { } both)
        {
            throw new DataException(
                $"Column '{DataText.Show(both)}' of '{reader.Source.Name}' is both a target and in " +
                "data.features.include; choose one.");
        }

        int? weights = WeightsOf(reader, request, targets, include);
        IEnumerable<int> candidates = !include.IsEmpty ? include
            : Enumerable.Range(0, reader.Columns.Length)
                .Where(index => !reader.NotFeatures.Contains(reader.Columns[index]));
        ImmutableArray<int> features =
            [.. candidates.Except(targets).Except(exclude).Where(column => column != weights).Order()];
        return !features.IsEmpty ? new ColumnSelection(features, targets, weights) : throw new DataException(
            $"'{reader.Source.Name}' has no feature columns left of {DataText.List(reader.Columns)}; " +
            "a model needs at least 1; exclude fewer columns.");
    }

    /// <summary>The columns with these names.</summary>
    public static ColumnSelection ByName(
        RowReader reader, ImmutableArray<string> features, ImmutableArray<string> targets) =>
        new(Find(reader, features, "an input of the model"), Find(reader, targets, "the target of the model"));

    /// <summary>The columns of a fitted pipeline in its source, and that of the weights.</summary>
    public static ColumnSelection OfPlan(
        RowReader reader, ImmutableArray<string> features, ImmutableArray<string> targets, string? weights) =>
        ByName(reader, features, targets) with
        {
            Weights = weights is null ? null : reader.IndexOf(weights, WeightsKey),
        };

    private static int? WeightsOf(
        RowReader reader, DataRequest request, ImmutableArray<int> targets, ImmutableArray<int> include)
    {
        if (request.Weights is not { } name)
        {
            return null;
        }

        int column = reader.IndexOf(name, WeightsKey);
        return !targets.Contains(column) && !include.Contains(column) ? column : throw new DataException(
            $"Column '{DataText.Show(name)}' of '{reader.Source.Name}' is {WeightsKey} and also a target or in " +
            "data.features.include; choose one.");
    }

    private static ImmutableArray<string> TargetNames(RowReader reader, DataRequest request)
    {
        ImmutableArray<string> targets = request.Targets.IsEmpty ? reader.OwnTargets : request.Targets;
        return !targets.IsEmpty ? targets : throw new DataException(
            $"data.target is missing; name the column of '{reader.Source.Name}' to predict, one of: " +
            $"{DataText.List(reader.Columns)}.");
    }

    private static ImmutableArray<int> Find(RowReader reader, ImmutableArray<string> names, string use)
    {
        if (names.Length > 1 && names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new DataException($"Column '{DataText.Show(twice.Key)}' stands twice in {use}; name it once.");
        }

        // One look-up for wide files, where searching each name would be quadratic.
        Dictionary<string, int> indices = [];
        for (int index = 0; names.Length > 0 && index < reader.Columns.Length; index++)
        {
            indices.TryAdd(reader.Columns[index], index);
        }

        return [.. names.Select(name => indices.TryGetValue(name, out int index) ? index : reader.IndexOf(name, use))];
    }
}
