namespace Trainer.Jobs;

/// <summary>Reads and writes job files: YAML or JSON, strict, every error one line that names file, line, key, reason.</summary>
public static class JobFile
{
    /// <summary>Reads a file, then applies environment (<c>TRAINER__TRAINING__EPOCHS=5</c>) and <c>--set path=value</c>, then validates.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides"><c>path=value</c> in order; the value is YAML.</param>
    /// <param name="environment">Environment variables; those that start with <c>TRAINER__</c> count.</param>
    /// <exception cref="Errors.ConfigurationException">Something is wrong with any of them.</exception>
    public static JobSpec Load(string path, IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string> environment) =>
        throw new NotImplementedException();

    /// <summary>The job as YAML with every key, in the order of the documentation.</summary>
    public static string ToYaml(JobSpec job) => throw new NotImplementedException();

    /// <summary>The job as one JSON object with every key.</summary>
    public static string ToJson(JobSpec job) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="ToJson"/> or <see cref="ToYaml"/> wrote.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What to call the text in errors.</param>
    public static JobSpec Parse(string text, string name) => throw new NotImplementedException();
}
