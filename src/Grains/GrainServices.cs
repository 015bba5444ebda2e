using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

using Trainer.Backends;
using Trainer.Compute;
using Trainer.Datasets;
using Trainer.Diagnostics;
using Trainer.Placement;

namespace Trainer.Grains;

/// <summary>What a silo needs to run the project's grains.</summary>
public static class GrainServices
{
    /// <summary>Adds compute pool, dataset cache, placement by silo name and options of the grains.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloName">This silo's name, as in the cluster's state.</param>
    /// <param name="computeThreads">Dedicated compute threads of this silo, at least 1.</param>
    /// <param name="jobsFolder">Folder of the live job state files.</param>
    public static ISiloBuilder AddTrainerGrains(
        this ISiloBuilder builder, string siloName, int computeThreads, string jobsFolder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddOptions<ComputeOptions>()
            .Configure(options =>
                (options.SiloName, options.Threads, options.JobsFolder) = (siloName, computeThreads, jobsFolder))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ComputeOptions>, ComputeOptionsValidator>();
        services.AddSingleton(
            provider => new ComputePool(provider.GetRequiredService<IOptions<ComputeOptions>>().Value.Threads));
        services.AddSingleton<DatasetCache>();
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<SiloDirectory>();
        services.TryAddSingleton<ISiloDrains, NoSiloDrains>();
        services.AddSingleton<LeaderWatch>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJobTelemetry, NoJobTelemetry>();
        return builder
            .AddPlacementDirector<SiloNamePlacement, SiloNamePlacementDirector>()
            .AddPlacementDirector<LeaderPlacement, LeaderPlacementDirector>();
    }
}
