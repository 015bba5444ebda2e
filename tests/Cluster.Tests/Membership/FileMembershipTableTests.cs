using System.Net;

using Xunit;

namespace Trainer.Silos.Membership;

/// <summary>What Orleans asks of a membership table.</summary>
public sealed class FileMembershipTableTests : IDisposable
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly string _path = Directory.CreateTempSubdirectory("trainer-membership-").FullName;
    private readonly FileMembershipTable _table;

    public FileMembershipTableTests() => _table = new FileMembershipTable(
        new MembershipFolder(_path), new WriteTurn(_path, TimeProvider.System));

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task InsertRow_NewSilo_IsReadBackWhole()
    {
        MembershipEntry entry = Entry(1, SiloStatus.Joining);
        entry.AddSuspector(Silo(2), Start);

        bool inserted = await _table.InsertRow(entry, (await _table.ReadAll()).Version.Next());

        Assert.True(inserted);
        MembershipTableData data = await _table.ReadAll();
        Assert.Equal(1, data.Version.Version);
        MembershipEntry read = Assert.Single(data.Members).Item1;
        Assert.Equal(entry.SiloAddress, read.SiloAddress);
        Assert.Equal(entry.Status, read.Status);
        Assert.Equal(entry.SiloName, read.SiloName);
        Assert.Equal(entry.ProxyPort, read.ProxyPort);
        Assert.Equal(entry.HostName, read.HostName);
        Assert.Equal(Start, read.StartTime);
        Assert.Equal(Start, read.IAmAliveTime);
        Assert.Equal([Tuple.Create(Silo(2), Start)], read.SuspectTimes);
    }

    [Fact]
    public async Task InsertRow_SiloThere_IsRefused()
    {
        await InsertAsync(Entry(1, SiloStatus.Joining));

        bool inserted = await _table.InsertRow(Entry(1, SiloStatus.Active), (await _table.ReadAll()).Version.Next());

        Assert.False(inserted);
    }

    [Fact]
    public async Task InsertRow_StaleTableVersion_IsRefused()
    {
        TableVersion stale = (await _table.ReadAll()).Version.Next();
        await InsertAsync(Entry(1, SiloStatus.Active));

        bool inserted = await _table.InsertRow(Entry(2, SiloStatus.Joining), stale);

        Assert.False(inserted);
        Assert.Single((await _table.ReadAll()).Members);
    }

    [Fact]
    public async Task UpdateRow_CurrentEtags_ReplacesRowAndItsEtag()
    {
        await InsertAsync(Entry(1, SiloStatus.Joining));
        await InsertAsync(Entry(2, SiloStatus.Joining));
        MembershipTableData before = await _table.ReadRow(Silo(1));
        string etag = before.Members.Single().Item2;

        bool updated = await _table.UpdateRow(Entry(1, SiloStatus.Active), etag, before.Version.Next());

        Assert.True(updated);
        Tuple<MembershipEntry, string> row = (await _table.ReadRow(Silo(1))).Members.Single();
        Assert.Equal(SiloStatus.Active, row.Item1.Status);
        Assert.NotEqual(etag, row.Item2);
        Assert.Equal(2, (await _table.ReadAll()).Members.Count);
    }

    [Fact]
    public async Task UpdateRow_StaleRowEtag_IsRefused()
    {
        await InsertAsync(Entry(1, SiloStatus.Joining));
        string stale = (await _table.ReadRow(Silo(1))).Members.Single().Item2;
        TableVersion next = (await _table.ReadAll()).Version.Next();
        Assert.True(await _table.UpdateRow(Entry(1, SiloStatus.Active), stale, next));
        next = (await _table.ReadAll()).Version.Next();

        bool updated = await _table.UpdateRow(Entry(1, SiloStatus.Dead), stale, next);

        Assert.False(updated);
        Assert.Equal(SiloStatus.Active, (await _table.ReadRow(Silo(1))).Members.Single().Item1.Status);
    }

    [Fact]
    public async Task UpdateRow_UnknownSilo_IsRefused()
    {
        TableVersion next = (await _table.ReadAll()).Version.Next();

        Assert.False(await _table.UpdateRow(Entry(1, SiloStatus.Active), "0", next));
    }

    [Fact]
    public async Task ReadRow_UnknownSilo_HasNoMemberAndTheVersion()
    {
        await InsertAsync(Entry(1, SiloStatus.Active));

        MembershipTableData data = await _table.ReadRow(Silo(2));

        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task UpdateIAmAlive_LaterTime_IsReadWithoutANewVersion()
    {
        await InsertAsync(Entry(1, SiloStatus.Active));
        MembershipEntry alive = Entry(1, SiloStatus.Active);
        alive.IAmAliveTime = Start.AddMinutes(1);

        await _table.UpdateIAmAlive(alive);

        MembershipTableData data = await _table.ReadAll();
        Assert.Equal(Start.AddMinutes(1), data.Members.Single().Item1.IAmAliveTime);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries_OldDeadSilo_RemovesOnlyThat()
    {
        await InsertAsync(Entry(1, SiloStatus.Dead));
        await InsertAsync(Entry(2, SiloStatus.Active));
        MembershipEntry later = Entry(3, SiloStatus.Dead);
        later.IAmAliveTime = Start.AddHours(2);
        await InsertAsync(later);

        await _table.CleanupDefunctSiloEntries(Start.AddHours(1));

        Assert.Equal(
            [Silo(2), Silo(3)], (await _table.ReadAll()).Members.Select(row => row.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task DeleteMembershipTableEntries_Always_LeavesNoMember()
    {
        await InsertAsync(Entry(1, SiloStatus.Active));

        await _table.DeleteMembershipTableEntries("any");

        Assert.Empty((await _table.ReadAll()).Members);
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), 7);

    private static MembershipEntry Entry(int number, SiloStatus status) => new()
    {
        SiloAddress = Silo(number),
        Status = status,
        ProxyPort = 1000 + number,
        HostName = "host",
        SiloName = $"silo-{number}",
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private async Task InsertAsync(MembershipEntry entry) =>
        Assert.True(await _table.InsertRow(entry, (await _table.ReadAll()).Version.Next()));
}
