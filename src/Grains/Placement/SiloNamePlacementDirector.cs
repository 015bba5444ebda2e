using Orleans.Runtime.Placement;

using Trainer.Errors;

namespace Trainer.Placement;

/// <summary>Finds the silo that a call names.</summary>
internal sealed class SiloNamePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string? name = target.RequestContextData?.GetValueOrDefault(SiloNamePlacement.ContextKey) as string;
        if (name is null)
        {
            throw new GrainLostException(
                $"A part of the job is gone ('{target.GrainIdentity}'): its silo ended or was told to.");
        }

        SiloAddress[] compatible = context.GetCompatibleSilos(target);
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Name == name && member.Status == SiloStatus.Active && compatible.Contains(member.SiloAddress))
            {
                return Task.FromResult(member.SiloAddress);
            }
        }

        throw new GrainLostException(
            $"Silo '{name}' is not active, so grain '{target.GrainIdentity}' cannot live there.");
    }
}
