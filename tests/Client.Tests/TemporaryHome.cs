using Trainer.Clusters;

namespace Trainer;

/// <summary>A home and a working folder that a test has for itself.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("trainer-test-").FullName;

    public TrainerHome Home => new(Path.Combine(Folder, "home"));

    public string Runs => Path.Combine(Folder, "runs");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
