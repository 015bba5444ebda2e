using Trainer.Data;

namespace Trainer.Models;

/// <summary>Sets rows of a network that are in no row set.</summary>
internal static class MlpRows
{
    public static void SetRow(this Mlp network, int row, float[] features, float[] targets)
    {
        var set = new RowSet(1, features.Length, targets.Length, features, targets);
        set.Gather(0, network.Inputs(row), network.Stride);
        network.SetRow(row, targets);
    }
}
