using System.Globalization;

using Xunit;

namespace Trainer.Silos.Membership;

public sealed class MembershipFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("trainer-membership-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void ReadLatest_EmptyFolder_IsVersionZero()
    {
        var folder = new MembershipFolder(_path);

        MembershipRows rows = folder.ReadLatest();

        Assert.Equal(0, rows.Version);
        Assert.Empty(rows.Rows);
    }

    [Fact]
    public void TryWrite_StaleVersion_ChangesNothing()
    {
        var folder = new MembershipFolder(_path);
        Assert.True(folder.TryWrite(0, _ => [Row("first")]));

        bool written = folder.TryWrite(0, _ => [Row("second")]);

        Assert.False(written);
        Assert.Equal("first", Assert.Single(folder.ReadLatest().Rows).SiloName);
    }

    [Fact]
    public async Task TryWrite_ManyWriters_LosesNoUpdate()
    {
        const int Writers = 8;
        const int Updates = 25;

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            var folder = new MembershipFolder(_path);
            for (int update = 0; update < Updates;)
            {
                MembershipRows now = folder.ReadLatest();
                string name = string.Create(CultureInfo.InvariantCulture, $"{writer}-{update}");
                update += folder.TryWrite(now.Version, _ => [.. now.Rows, Row(name)]) ? 1 : 0;
            }
        })));

        MembershipRows rows = new MembershipFolder(_path).ReadLatest();
        Assert.Equal(Writers * Updates, rows.Version);
        Assert.Equal(Writers * Updates, rows.Rows.Select(row => row.SiloName).Distinct().Count());
    }

    [Fact]
    public void TryWrite_ManyVersions_KeepsTheNewestOnly()
    {
        var folder = new MembershipFolder(_path);

        for (int version = 0; version < 100; version++)
        {
            Assert.True(folder.TryWrite(version, _ => []));
        }

        Assert.Equal(100, folder.ReadLatest().Version);
        Assert.Equal(MembershipFolder.Kept + 1, Directory.GetFiles(_path).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":2,\"rows\":[{\"addr")]
    [InlineData("{\"version\":9,\"rows\":[]}")]
    public void TornFile_Newest_IsSkippedByReadersAndWriters(string content)
    {
        var folder = new MembershipFolder(_path);
        Assert.True(folder.TryWrite(0, _ => [Row("first")]));
        File.WriteAllText(Path.Combine(_path, "2.json"), content);
        Assert.Equal(1, folder.ReadLatest().Version);

        bool written = folder.TryWrite(1, _ => [Row("second")]);

        Assert.True(written);
        Assert.Equal(3, folder.ReadLatest().Version);
        Assert.Equal("second", Assert.Single(folder.ReadLatest().Rows).SiloName);
    }

    [Fact]
    public void TryWrite_WriterStoppedForLong_DoesNotBelieveItWon()
    {
        var stopped = new MembershipFolder(_path);
        var others = new MembershipFolder(_path);

        // Stopped after it read and before it creates its file; meanwhile the others remove the name that it is about
        // to take.
        bool written = stopped.TryWrite(0, _ =>
        {
            for (int version = 0; version < 2 * MembershipFolder.Kept; version++)
            {
                Assert.True(others.TryWrite(version, _ => [Row("others")]));
            }

            return [Row("stopped")];
        });

        Assert.False(written);
        Assert.Equal("others", Assert.Single(others.ReadLatest().Rows).SiloName);
        Assert.False(File.Exists(Path.Combine(_path, "1.json")));
    }

    [Fact]
    public void TryWrite_LeavesNoTemporaryFile()
    {
        var folder = new MembershipFolder(_path);

        folder.TryWrite(0, _ => []);

        Assert.Equal(["1.json"], Directory.GetFiles(_path).Select(Path.GetFileName));
    }

    private static MembershipRow Row(string name) =>
        new("127.0.0.1:1@1", "Active", 1, "host", name, DateTime.UnixEpoch, DateTime.UnixEpoch, [], 1);
}
