using Orleans.Placement;

namespace Trainer.Placement;

/// <summary>
/// Places a new activation on the silo whose name the call names, so that a job's plan decides where its grains live.
/// </summary>
[GenerateSerializer, Immutable, Alias("trainer.silo-name-placement")]
public sealed class SiloNamePlacement : PlacementStrategy
{
    /// <summary>Key of the silo's name in the request context.</summary>
    public const string ContextKey = "trainer.silo-name";

    /// <summary>Makes a call that places its grain, when it is new, on a silo.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="silo">Name of the silo.</param>
    /// <param name="call">Makes the call.</param>
    public static async Task<T> OnAsync<T>(string silo, Func<Task<T>> call)
    {
        RequestContext.Set(ContextKey, silo);
        try
        {
            return await call();
        }
        finally
        {
            RequestContext.Remove(ContextKey);
        }
    }
}

/// <summary>Marks grains that are placed by silo name.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloNamePlacementAttribute() : PlacementAttribute(new SiloNamePlacement());
