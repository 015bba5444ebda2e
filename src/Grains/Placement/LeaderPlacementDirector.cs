using System.Collections.Immutable;

using Orleans.Runtime.Placement;

using Trainer.Recovery;

namespace Trainer.Placement;

/// <summary>Chooses the silo where a job is led.</summary>
internal sealed class LeaderPlacementDirector(SiloDirectory silos) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] compatible = context.GetCompatibleSilos(target);
        ImmutableArray<SeenSilo> living = silos.Living();
        SiloAddress[] staying =
        [
            .. compatible.Where(silo => living.Any(
                seen => !seen.IsLeaving && seen.Address == silo.ToParsableString())),
        ];
        SiloAddress[] usable = staying.Length > 0 ? staying : compatible;
        return Task.FromResult(usable.Contains(context.LocalSilo) ? context.LocalSilo : usable[0]);
    }
}
