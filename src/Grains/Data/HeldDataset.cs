using System.Collections.Immutable;

using Trainer.Data;

namespace Trainer.Datasets;

/// <summary>The rows of one data plan that a silo holds, each once, whoever asked for it first.</summary>
/// <remarks>
/// <see cref="Lease"/> is called by one user at a time, who holds the <see cref="Turn"/>; leases may end at any time.
/// </remarks>
internal sealed class HeldDataset
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DataPart, List<HeldRows>> _parts = [];

    /// <summary>Taken by who looks for rows and loads what is missing.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Users, counted by the cache.</summary>
    public int Users { get; set; }

    /// <summary>Views of rows, of which those that are not held yet are loaded in one pass.</summary>
    /// <param name="plan">The data plan.</param>
    /// <param name="wanted">For each part the indices wanted; null: all.</param>
    /// <param name="soon">
    /// Indices that others on this silo will ask for: loaded in the same pass, if there is one.
    /// </param>
    /// <returns>The views in the order asked for, and what they use, to be given back.</returns>
    public (IReadOnlyDictionary<DataPart, RowSet> Rows, ImmutableArray<HeldRows> Used) Lease(
        DataPlan plan, IReadOnlyDictionary<DataPart, int[]?> wanted, IReadOnlyDictionary<DataPart, int[]> soon)
    {
        Dictionary<DataPart, int[]> indices = wanted.ToDictionary(
            pair => pair.Key, pair => pair.Value ?? [.. Enumerable.Range(0, plan.Rows(pair.Key))]);

        // What is held when the turn begins must not go before it is leased.
        Dictionary<DataPart, List<HeldRows>> held;
        lock (_gate)
        {
            held = indices.Keys.ToDictionary(part => part, part => _parts.GetValueOrDefault(part)?.ToList() ?? []);
        }

        Dictionary<DataPart, int[]?> missing = Missing(indices, soon, held);
        if (missing.Count > 0)
        {
            foreach ((DataPart part, RowSet set) in plan.Load(missing, CancellationToken.None))
            {
                held[part].Add(new HeldRows(missing[part]!, set));
            }
        }

        List<HeldRows> used = [];
        Dictionary<DataPart, RowSet> views = indices.ToDictionary(
            pair => pair.Key, pair => View(pair.Value, held[pair.Key], used));
        Keep(held, used);
        return (views, [.. used]);
    }

    /// <summary>Ends a lease: rows that no other one uses go.</summary>
    public void Release(ImmutableArray<HeldRows> used)
    {
        lock (_gate)
        {
            foreach (HeldRows rows in used)
            {
                rows.Leases--;
            }

            foreach (List<HeldRows> part in _parts.Values)
            {
                part.RemoveAll(rows => rows.Leases == 0);
            }
        }
    }

    private void Keep(Dictionary<DataPart, List<HeldRows>> held, List<HeldRows> used)
    {
        lock (_gate)
        {
            foreach ((DataPart part, List<HeldRows> pieces) in held)
            {
                List<HeldRows> kept = _parts.TryGetValue(part, out List<HeldRows>? known) ? known : _parts[part] = [];
                foreach (HeldRows piece in pieces.Where(used.Contains))
                {
                    piece.Leases++;
                    if (!kept.Contains(piece))
                    {
                        kept.Add(piece);
                    }
                }
            }
        }
    }

    // Ascending, so that they are found again; of parts that lack none, nothing.
    private static Dictionary<DataPart, int[]?> Missing(
        Dictionary<DataPart, int[]> wanted,
        IReadOnlyDictionary<DataPart, int[]> soon,
        Dictionary<DataPart, List<HeldRows>> held)
    {
        Dictionary<DataPart, int[]?> missing = [];
        foreach ((DataPart part, int[] rows) in wanted)
        {
            List<HeldRows> pieces = held[part];
            if (pieces.Count == 0 || !rows.All(IsHeld))
            {
                missing[part] =
                    [.. rows.Concat(soon.GetValueOrDefault(part) ?? []).Where(row => !IsHeld(row)).Distinct().Order()];
            }

            bool IsHeld(int row) => pieces.Exists(piece => piece.Find(row) >= 0);
        }

        return missing;
    }

    private static RowSet View(int[] rows, List<HeldRows> pieces, List<HeldRows> used)
    {
        int[] owners = [.. rows.Select(row => pieces.FindIndex(piece => piece.Find(row) >= 0))];
        int[] needed = rows.Length == 0 ? [0] : [.. owners.Distinct().Order()];
        int[] starts = new int[pieces.Count];
        int start = 0;
        foreach (int piece in needed)
        {
            starts[piece] = start;
            start += pieces[piece].Set.Count;
            used.Add(pieces[piece]);
        }

        int[] places = [.. rows.Select((row, i) => starts[owners[i]] + pieces[owners[i]].Find(row))];
        return RowSet.Join([.. needed.Select(piece => pieces[piece].Set)]).Select(places);
    }
}
