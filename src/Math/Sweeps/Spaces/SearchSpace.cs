using Trainer.Data;

namespace Trainer.Sweeps.Spaces;

/// <summary>What a sweep searches: dimensions, some of them active only where others have certain values.</summary>
public sealed class SearchSpace
{
    private readonly (int Parent, double[] Values)[][] _conditions;
    private readonly int[] _order;

    /// <summary>A space of plain dimensions.</summary>
    /// <param name="dimensions">At least one; paths differ.</param>
    /// <exception cref="SearchSpaceException">The first line of <see cref="Validate"/>, if there is one.</exception>
    public SearchSpace(params IReadOnlyList<Dimension> dimensions)
        : this(dimensions, [])
    {
    }

    /// <summary>A space with list-valued keys.</summary>
    /// <param name="dimensions">Plain dimensions.</param>
    /// <param name="lists">
    /// Keys whose value is a list of searched length; their dimensions follow the plain ones.
    /// </param>
    /// <exception cref="SearchSpaceException">The first line of <see cref="Validate"/>, if there is one.</exception>
    public SearchSpace(IReadOnlyList<Dimension> dimensions, IReadOnlyList<ListDimension> lists)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        ArgumentNullException.ThrowIfNull(lists);
        Lists = lists;
        Dimensions = [.. dimensions, .. lists.SelectMany(list => list.Dimensions)];
        if (Validate(Dimensions) is [string first, ..])
        {
            throw new SearchSpaceException(first);
        }

        _conditions = [.. Dimensions.Select(dimension => dimension.When
            .Select(condition => (IndexOf(condition.Path), condition.Values.ToArray())).ToArray())];
        _order = Ordered(Dimensions);
    }

    /// <summary>All dimensions; a <see cref="ParameterSet"/> has a value for each, in this order.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }

    /// <summary>The list-valued keys among them.</summary>
    public IReadOnlyList<ListDimension> Lists { get; }

    /// <summary>Number of different points, or null when there are infinitely many.</summary>
    /// <remarks>More than 2^62 count as 2^62.</remarks>
    public long? Count => SpacePoints.Count(this);

    /// <summary>Places of the dimensions such that each comes after those that its conditions name.</summary>
    internal ReadOnlySpan<int> Order => _order;

    /// <summary>All that is wrong with some dimensions, a line each; none: a space can be made of them.</summary>
    /// <param name="dimensions">The dimensions.</param>
    public static IReadOnlyList<string> Validate(IReadOnlyList<Dimension> dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Count == 0)
        {
            return ["The search space is empty; name at least one key of the job file to search."];
        }

        var errors = new List<string>();
        foreach (IGrouping<string, Dimension> same in dimensions.GroupBy(dimension => dimension.Path))
        {
            if (same.Count() > 1)
            {
                errors.Add($"'{same.Key}' is in the search space {same.Count()} times; once is allowed.");
            }
        }

        foreach (Dimension dimension in dimensions)
        {
            errors.AddRange(
                dimension.When.Select(condition => Check(dimension, condition, dimensions)).OfType<string>());
        }

        if (errors.Count == 0)
        {
            int[] order = Ordered(dimensions);
            errors.AddRange(dimensions.Index().Where(item => !order.Contains(item.Index))
                .Select(item => item.Item.Path)
                .Select(path => $"'{path}': its 'when' leads in a circle; no dimension may depend on itself."));
        }

        return errors;
    }

    /// <summary>The place of a dimension, or -1.</summary>
    /// <param name="path">Its key in the job file.</param>
    public int IndexOf(string path)
    {
        for (int i = 0; i < Dimensions.Count; i++)
        {
            if (Dimensions[i].Path == path)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The point at a place of the unit cube; coordinates of inactive dimensions are ignored.</summary>
    /// <param name="unit">A coordinate in [0, 1] for each dimension.</param>
    public ParameterSet Decode(ReadOnlySpan<double> unit)
    {
        RequireLength(unit.Length);
        double[] values = new double[unit.Length];
        foreach (int i in _order)
        {
            values[i] = IsActive(i, values) ? Dimensions[i].Decode(unit[i]) : double.NaN;
        }

        return new ParameterSet(values);
    }

    /// <summary>The point's place in the unit cube.</summary>
    /// <param name="parameters">A point of this space.</param>
    /// <param name="unit">Written: a coordinate for each dimension.</param>
    /// <param name="inactive">Stands for dimensions that are not active.</param>
    public void Encode(ParameterSet parameters, Span<double> unit, double inactive = 0.5)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RequireLength(parameters.Count);
        RequireLength(unit.Length);
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = parameters.IsActive(i) ? Dimensions[i].Encode(parameters[i]) : inactive;
        }
    }

    /// <summary>
    /// Whether a point is one of this space: within bounds, and active exactly where its conditions hold.
    /// </summary>
    /// <param name="parameters">Any point.</param>
    /// <remarks>
    /// After the space was edited, points of finished trials may lie outside; models leave those out.
    /// </remarks>
    public bool Contains(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count != Dimensions.Count)
        {
            return false;
        }

        for (int i = 0; i < Dimensions.Count; i++)
        {
            bool isActive = IsActive(i, parameters.Values);
            if (isActive != parameters.IsActive(i) || (isActive && !Dimensions[i].Contains(parameters[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// What to set in the job file: key and value as text, lists in one piece, inactive keys left out.
    /// </summary>
    /// <param name="parameters">A point of this space.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Format(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RequireLength(parameters.Count);
        var lines = new List<KeyValuePair<string, string>>();
        int plain = Dimensions.Count - Lists.Sum(list => list.Dimensions.Count);
        for (int i = 0; i < plain; i++)
        {
            if (parameters.IsActive(i))
            {
                lines.Add(new(Dimensions[i].Path, Dimensions[i].Format(parameters[i])));
            }
        }

        int first = plain;
        foreach (ListDimension list in Lists)
        {
            if (parameters.IsActive(first))
            {
                int at = first + 1;
                IEnumerable<string> elements = Enumerable.Range(0, (int)parameters[first])
                    .Select(layer => list.IsShared ? at : at + layer)
                    .Select(place => Dimensions[place].Format(parameters[place]));
                lines.Add(new(list.Path, $"[{string.Join(", ", elements)}]"));
            }

            first += list.Dimensions.Count;
        }

        return lines;
    }

    /// <summary>Whether the conditions of a dimension hold, given the values of those before it.</summary>
    internal bool IsActive(int dimension, ReadOnlySpan<double> values)
    {
        foreach ((int parent, double[] allowed) in _conditions[dimension])
        {
            if (!allowed.Contains(values[parent]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether two dimensions are active at the same points, as far as their conditions say.</summary>
    internal bool HaveSameConditions(int one, int other) =>
        _conditions[one].Length == _conditions[other].Length
        && _conditions[one].Zip(_conditions[other]).All(pair =>
            pair.First.Parent == pair.Second.Parent && pair.First.Values.SequenceEqual(pair.Second.Values));

    /// <summary>Places of the dimensions that the conditions of one name.</summary>
    internal IEnumerable<int> Parents(int dimension) => _conditions[dimension].Select(condition => condition.Parent);

    private static string? Check(Dimension dimension, Condition condition, IReadOnlyList<Dimension> all)
    {
        string what = $"'{dimension.Path}': 'when' names '{condition.Path}'";
        if (all.FirstOrDefault(candidate => candidate.Path == condition.Path) is not { } parent)
        {
            string hint = NearestName.Hint(condition.Path, all.Select(candidate => candidate.Path));
            return $"{what}, which is not in the search space{(hint.Length > 0 ? hint : ".")}";
        }

        if (!parent.IsDiscrete)
        {
            return $"{what}, a range of real numbers; a condition needs an int, log_int or choice.";
        }

        if (condition.Values.Count == 0)
        {
            return $"{what} without a value; give at least one that it may have.";
        }

        double[] wrong = [.. condition.Values.Where(value => !parent.Contains(value))];
        return wrong.Length == 0 ? null
            : $"{what} = {wrong[0]}, which it never is; its values go from {parent.Low} to {parent.High}.";
    }

    // Those in a circle are left out.
    private static int[] Ordered(IReadOnlyList<Dimension> dimensions)
    {
        var order = new List<int>();
        var placed = new HashSet<string>();
        for (bool found = true; found;)
        {
            found = false;
            for (int i = 0; i < dimensions.Count; i++)
            {
                if (!placed.Contains(dimensions[i].Path) && dimensions[i].When.All(when => placed.Contains(when.Path)))
                {
                    placed.Add(dimensions[i].Path);
                    order.Add(i);
                    found = true;
                }
            }
        }

        return [.. order];
    }

    private void RequireLength(int length)
    {
        if (length != Dimensions.Count)
        {
            throw new ArgumentException($"The point has {length} dimensions; the space has {Dimensions.Count}.");
        }
    }
}
