namespace Trainer.Data;

/// <summary>Copies of what a row set holds, for assertions.</summary>
internal static class RowSetCopies
{
    extension(RowSet rows)
    {
        /// <summary>Row-major [n, I].</summary>
        public float[] Features =>
        [
            .. Enumerable.Range(0, rows.Count)
                .SelectMany(row => rows.FeaturesOf(row, new float[rows.FeatureCount]).ToArray()),
        ];

        /// <summary>Row-major [n, target width].</summary>
        public float[] Targets =>
            [.. Enumerable.Range(0, rows.Count).SelectMany(row => rows.TargetsOf(row).ToArray())];

        /// <summary>[n]; empty: all weigh 1.</summary>
        public float[] Weights => rows.IsWeighted ? [.. Enumerable.Range(0, rows.Count).Select(rows.WeightOf)] : [];

        /// <summary>A copy of the rows with other weights.</summary>
        public RowSet Weighted(float[] weights) =>
            new(rows.Count, rows.FeatureCount, rows.TargetWidth, rows.Features, rows.Targets, weights);
    }
}
