using System.Globalization;

namespace Trainer.Silos.Membership;

/// <summary>Orleans' membership table in a folder (<see cref="MembershipFolder"/>).</summary>
/// <param name="folder">The table.</param>
/// <param name="turn">Taken between reading and writing while this silo starts or stops.</param>
internal sealed class FileMembershipTable(MembershipFolder folder, WriteTurn turn)
    : IMembershipTable, ILifecycleParticipant<ISiloLifecycle>
{
    private const int CleanupAttempts = 10;

    // A silo writes while it starts and stops; in between it only reads, but for votes on others.
    private volatile bool _isChanging = true;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(FileMembershipTable),
        ServiceLifecycleStage.Active,
        _ =>
        {
            _isChanging = false;
            return Task.CompletedTask;
        },
        _ =>
        {
            _isChanging = true;
            return Task.CompletedTask;
        });

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadAll()
    {
        if (_isChanging)
        {
            await turn.TakeAsync();
        }

        MembershipRows table = folder.ReadLatest();
        return new MembershipTableData([.. table.Rows.Select(ToEntry)], ToVersion(table));
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        MembershipRows table = folder.ReadLatest();
        return Task.FromResult(
            Find(table, key) is { } row
                ? new MembershipTableData(ToEntry(row), ToVersion(table))
                : new MembershipTableData(ToVersion(table)));
    }

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        MembershipRows table = folder.ReadLatest();
        return Task.FromResult(
            Etag(table.Version) == tableVersion.VersionEtag
            && Find(table, entry.SiloAddress) is null
            && Write(table, number => [.. table.Rows, ToRow(entry, number)]));
    }

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        MembershipRows table = folder.ReadLatest();
        return Task.FromResult(
            Etag(table.Version) == tableVersion.VersionEtag
            && Find(table, entry.SiloAddress) is { } old
            && Etag(old.Etag) == etag
            && Write(table, number => [.. table.Rows.Where(row => row != old), ToRow(entry, number)]));
    }

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        folder.WriteAlive(entry.SiloAddress.ToParsableString(), entry.IAmAliveTime);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        Remove(row => row.Status == nameof(SiloStatus.Dead) && LastAlive(row) < beforeDate.UtcDateTime);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => Remove(_ => true);

    private static MembershipRow? Find(MembershipRows table, SiloAddress address)
    {
        string text = address.ToParsableString();
        return table.Rows.FirstOrDefault(row => row.Address == text);
    }

    private static MembershipRow ToRow(MembershipEntry entry, int number) => new(
        entry.SiloAddress.ToParsableString(),
        entry.Status.ToString(),
        entry.ProxyPort,
        entry.HostName,
        entry.SiloName,
        entry.StartTime,
        entry.IAmAliveTime,
        [.. (entry.SuspectTimes ?? []).Select(vote => new Suspicion(vote.Item1.ToParsableString(), vote.Item2))],
        number);

    private static string Etag(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static TableVersion ToVersion(MembershipRows table) => new(table.Version, Etag(table.Version));

    private Tuple<MembershipEntry, string> ToEntry(MembershipRow row)
    {
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(row.Address),
            Status = Enum.Parse<SiloStatus>(row.Status),
            ProxyPort = row.GatewayPort,
            HostName = row.HostName,
            SiloName = row.SiloName,
            RoleName = "",
            StartTime = row.StartTime,
            IAmAliveTime = LastAlive(row),
            SuspectTimes =
                [.. row.Suspicions.Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.By), vote.At))],
        };
        return Tuple.Create(entry, Etag(row.Etag));
    }

    private DateTime LastAlive(MembershipRow row) =>
        folder.ReadAlive(row.Address) is { } alive && alive > row.AliveTime ? alive : row.AliveTime;

    private bool Write(MembershipRows table, Func<int, IReadOnlyList<MembershipRow>> rows)
    {
        bool written = folder.TryWrite(table.Version, rows);
        turn.End();
        return written;
    }

    private Task Remove(Predicate<MembershipRow> unwanted)
    {
        for (int attempt = 0; attempt < CleanupAttempts; attempt++)
        {
            MembershipRows table = folder.ReadLatest();
            MembershipRow[] removed = [.. table.Rows.Where(row => unwanted(row))];
            if (removed.Length == 0)
            {
                break;
            }

            if (folder.TryWrite(table.Version, _ => [.. table.Rows.Except(removed)]))
            {
                foreach (MembershipRow row in removed)
                {
                    folder.RemoveAlive(row.Address);
                }

                break;
            }
        }

        return Task.CompletedTask;
    }
}
