namespace Trainer.Jobs;

/// <summary>A folder of a test's own.</summary>
internal sealed class JobFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("trainer-jobs-").FullName;

    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Writes a job file and loads it.</summary>
    public JobSpec Load(string text, string[] sets, params (string Key, string Value)[] environment) => JobFile.Load(
        Write("job.yaml", text), sets, environment.ToDictionary(variable => variable.Key, variable => variable.Value));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
