using System.Security.Cryptography;
using System.Text;

using Trainer.Data;

namespace Trainer.Checkpoints;

/// <summary>Which job a checkpoint belongs to: with any other one its numbers would mean something else.</summary>
/// <param name="Kernel">The kernel id.</param>
/// <param name="Job">The resolved job as JSON.</param>
/// <param name="DataSha256">SHA-256 of the data, lower-case hex.</param>
/// <param name="PlanSha256">SHA-256 of the data plans: split, folds and fitted preprocessing.</param>
public sealed record CheckpointJob(string Kernel, string Job, string DataSha256, string PlanSha256)
{
    /// <summary>The identity of a job.</summary>
    /// <param name="kernel">The kernel id.</param>
    /// <param name="job">The resolved job as JSON.</param>
    /// <param name="data">Its data.</param>
    /// <param name="folds">The data of its folds; none without a cross-validation.</param>
    public static CheckpointJob Of(string kernel, string job, DataPlan data, params IEnumerable<DataPlan> folds)
    {
        ArgumentNullException.ThrowIfNull(data);
        string plans = string.Join('\n', folds.Prepend(data).Select(plan => plan.Sha256()));
        return new CheckpointJob(
            kernel,
            job,
            data.Request.Source.ContentSha256,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plans))));
    }

    /// <summary>What differs from the job of a checkpoint, as a part of a sentence; null: nothing.</summary>
    /// <param name="saved">The job of the checkpoint.</param>
    public string? DifferenceFrom(CheckpointJob saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        return saved.Kernel != Kernel
            ? $"it was computed with kernel '{DataText.Show(saved.Kernel)}', and this program has '{Kernel}'"
            : saved.Job != Job ? "'job.yaml' has changed since"
            : saved.DataSha256 != DataSha256 ? "the data has changed since"
            : saved.PlanSha256 != PlanSha256 ? "the data is split or preprocessed in another way now"
            : null;
    }
}
