namespace Trainer.Checkpoints;

/// <summary>A checkpoint that was read and verified.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Path of its file.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Content">Its content.</param>
/// <param name="Damaged">Newer ones that cannot be used, and why: a line each.</param>
public sealed record FoundCheckpoint(
    CheckpointName Name,
    string Path,
    CheckpointManifest Manifest,
    Checkpoint Content,
    IReadOnlyList<string> Damaged);
