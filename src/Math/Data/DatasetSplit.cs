using System.Collections.Immutable;

using Trainer.Kernels;

namespace Trainer.Data;

/// <summary>
/// Which rows of a file are for training, validation and test: a function of (rows of each stratum, fractions, seed).
/// </summary>
/// <remarks>
/// A stratum is a class, or all rows. Each stratum gets floor(fraction * rows) rows in each part; its one or two
/// left-over rows go to the parts that are owed most so far, counted over the strata before it (largest remainder,
/// carried on), so that each part is within one row of its share in every stratum and near it in total. Which rows: the
/// stratum's rows in file order, shuffled with (seed, stratum); the first ones train, the next validate, the last test.
/// Every part keeps file order.
/// </remarks>
internal sealed class DatasetSplit
{
    private const int Parts = 3;
    private const double Rounding = 1e-12;

    private readonly ImmutableArray<int> _strata;
    private readonly int[][] _counts;
    private readonly ulong _seed;
    private readonly FoldSplit? _fold;

    /// <summary>Splits rows.</summary>
    /// <param name="strata">Rows of each stratum.</param>
    /// <param name="fractions">Fractions of training, validation and test, each at least 0; they sum to 1.</param>
    /// <param name="seed">The job's seed.</param>
    public DatasetSplit(ImmutableArray<int> strata, ReadOnlySpan<double> fractions, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(fractions.Length, Parts);
        (_strata, _seed) = (strata, seed);
        _counts = new int[strata.Length][];
        double[] owed = new double[Parts];
        for (int stratum = 0; stratum < strata.Length; stratum++)
        {
            _counts[stratum] = Share(strata[stratum], fractions, owed);
        }
    }

    /// <summary>Tests on one fold and trains on the others.</summary>
    /// <param name="strata">Rows of each stratum; one where a file says the folds.</param>
    /// <param name="fold">The fold.</param>
    /// <param name="seed">The job's seed.</param>
    public DatasetSplit(ImmutableArray<int> strata, FoldSplit fold, ulong seed)
    {
        (_strata, _seed, _fold) = (strata, seed, fold);
        _counts = new int[strata.Length][];
        int position = 0;
        for (int stratum = 0; stratum < strata.Length; stratum++)
        {
            int rows = strata[stratum];
            int held = fold.IsFromFile ? fold.OfRow.Count(other => other == fold.Held) : fold.Dealt(position, rows);
            _counts[stratum] = [rows - held, 0, held];
            position += rows;
        }
    }

    /// <summary>Rows of a part.</summary>
    public int Rows(DataPart part) => _counts.Sum(counts => counts[(int)part]);

    /// <summary>Rows of a part that are of one stratum.</summary>
    public int Rows(DataPart part, int stratum) => _counts[stratum][(int)part];

    /// <summary>Starts a walk over the file's rows.</summary>
    public Walk Start()
    {
        var random = new SeededRandom(_seed, RandomStream.Split);
        byte[][] parts = new byte[_strata.Length][];
        int position = 0;
        for (int stratum = 0; stratum < parts.Length; stratum++)
        {
            int[] rows = [.. Enumerable.Range(0, _strata[stratum])];
            random.Shuffle<int>(rows, (ulong)stratum);
            parts[stratum] = new byte[rows.Length];
            int train = _counts[stratum][(int)DataPart.Train];
            int tested = train + _counts[stratum][(int)DataPart.Validation];
            for (int i = 0; i < rows.Length; i++)
            {
                bool isTrain = _fold is null ? i < train : !_fold.Holds(rows[i], position + i);
                bool isValidation = _fold is null && i < tested;
                parts[stratum][rows[i]] =
                    (byte)(isTrain ? DataPart.Train : isValidation ? DataPart.Validation : DataPart.Test);
            }

            position += rows.Length;
        }

        return new Walk(parts);
    }

    private static int[] Share(int rows, ReadOnlySpan<double> fractions, double[] owed)
    {
        int[] counts = new int[Parts];
        bool[] open = new bool[Parts];
        for (int part = 0; part < Parts; part++)
        {
            double share = Snap(fractions[part] * rows, rows);
            counts[part] = (int)Math.Floor(share);
            open[part] = share > counts[part];
            owed[part] += share - counts[part];
        }

        for (int left = rows - counts.Sum(); left > 0; left--)
        {
            int most = Enumerable.Range(0, Parts)
                .OrderByDescending(part => open[part])
                .ThenByDescending(part => owed[part])
                .First();
            counts[most]++;
            owed[most]--;
            open[most] = false;
        }

        return counts;
    }

    // 0.29 * 100 is 28.999999999999996 in double, and means 29.
    private static double Snap(double share, int rows)
    {
        double whole = Math.Round(share);
        return Math.Abs(share - whole) <= Rounding * Math.Max(rows, 1) ? whole : share;
    }

    /// <summary>One walk over the rows, in file order.</summary>
    internal sealed class Walk(byte[][] parts)
    {
        private readonly int[] _nextOfStratum = new int[parts.Length];
        private readonly int[] _nextOfPart = new int[Parts];

        /// <summary>Part of the next row, and its index within the part.</summary>
        /// <param name="stratum">The row's stratum.</param>
        /// <param name="place">The answer.</param>
        /// <returns>False when the stratum has no more rows: this is another file.</returns>
        public bool TryNext(int stratum, out (DataPart Part, int Index) place)
        {
            int row = _nextOfStratum[stratum]++;
            if (row >= parts[stratum].Length)
            {
                place = default;
                return false;
            }

            int part = parts[stratum][row];
            place = ((DataPart)part, _nextOfPart[part]++);
            return true;
        }
    }
}
