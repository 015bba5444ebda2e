namespace Trainer.Placement;

/// <summary>Whether the silo that leads a job has ended, so that nobody will release the job's grains.</summary>
internal sealed class LeaderWatch(IClusterMembershipService membership)
{
    /// <summary>How often a grain asks: a killed silo is given up within two to three seconds anyway.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Whether it has ended. A silo that this one has not heard of yet may still come.</summary>
    /// <param name="leader">Address of the leading silo; null: the job has none to watch.</param>
    public bool HasEnded(string? leader) => leader is not null
        && membership.CurrentSnapshot.GetSiloStatus(SiloAddress.FromParsableString(leader)) == SiloStatus.Dead;
}
