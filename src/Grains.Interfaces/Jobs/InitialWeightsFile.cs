using Trainer.Data;
using Trainer.Formats;
using Trainer.Grains;

namespace Trainer.Jobs;

/// <summary>The file of <c>model.initial_weights</c>.</summary>
public static class InitialWeightsFile
{
    /// <summary>Where it is; found like <c>data.source</c>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Folder of the job file; what is not there is looked for in the current folder.</param>
    /// <returns>The absolute path; null without one.</returns>
    public static string? Find(JobSpec job, string folder)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(folder);
        return job.Model.InitialWeights is not { } path ? null
            : !File.Exists(Path.Combine(folder, path)) && File.Exists(path) ? Path.GetFullPath(path)
            : Path.GetFullPath(path, Path.GetFullPath(folder));
    }

    /// <summary>Registers the file of a resolved job and checks that it fits the network.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The file; null without one.</returns>
    /// <exception cref="DataException">It cannot be read, or does not fit the network.</exception>
    public static RegisteredFile? Register(JobPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Job.Model.InitialWeights is not { } path)
        {
            return null;
        }

        try
        {
            DataSource source = Catalogue.Register(path);
            _ = InitialWeights.Load(source, plan.Architecture);
            return new RegisteredFile(source.Path!, source.Size, source.Sha256);
        }
        catch (DataException error)
        {
            throw new DataException($"'model.initial_weights': {error.Message}", error);
        }
    }
}
