using Trainer.Clusters;

using Xunit;

namespace Trainer.Reporting;

public sealed class RunIndexTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome _place = new();

    private RunIndex Index => new(_place.Home);

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Claim_EmptyIndex_FirstNumberBelowRuns()
    {
        RunEntry entry = Index.Claim("digits", _place.Runs, folder: null, Noon);

        Assert.Equal(new RunEntry("digits-0001", Path.Combine(_place.Runs, "digits-0001"), Cluster: null, Noon), entry);
        Assert.Equal(entry, Index.Find("digits-0001"));
    }

    [Fact]
    public void Claim_ManyAtOnce_EveryIdOnce()
    {
        string[] ids = new string[64];

        Parallel.For(0, ids.Length, number => ids[number] = Index.Claim("digits", _place.Runs, folder: null, Noon).Id);

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Contains("digits-0064", ids);
        Assert.Equal(ids.Length, Index.List().Count);
    }

    [Fact]
    public void Claim_FolderInRunsWithoutEntry_CountsUpFromIt()
    {
        Directory.CreateDirectory(Path.Combine(_place.Runs, "digits-0041"));
        Directory.CreateDirectory(Path.Combine(_place.Runs, "digits-large-0099"));
        Directory.CreateDirectory(Path.Combine(_place.Runs, "digits-copy"));

        RunEntry entry = Index.Claim("digits", _place.Runs, folder: null, Noon);

        Assert.Equal("digits-0042", entry.Id);
    }

    [Fact]
    public void Claim_OwnFolder_KeepsIt()
    {
        string folder = Path.Combine(_place.Folder, "elsewhere");

        RunEntry entry = Index.Claim("digits", _place.Runs, folder, Noon);

        Assert.Equal(("digits-0001", folder), (entry.Id, entry.Folder));
    }

    [Fact]
    public void Claim_Past9999_GoesOn()
    {
        Directory.CreateDirectory(Path.Combine(_place.Runs, "digits-9999"));

        RunEntry entry = Index.Claim("digits", _place.Runs, folder: null, Noon);

        Assert.Equal("digits-10000", entry.Id);
    }

    [Fact]
    public void Update_Entry_ReadsBack()
    {
        RunEntry entry = Index.Claim("digits", _place.Runs, folder: null, Noon) with { Cluster = "default" };

        Index.Update(entry);

        Assert.Equal(entry, Index.Find("digits-0001"));
    }

    [Fact]
    public void Release_Entry_IdIsFreeAgain()
    {
        Index.Claim("digits", _place.Runs, folder: null, Noon);

        Index.Release("digits-0001");

        Assert.Empty(Index.List());
        Assert.Equal("digits-0001", Index.Claim("digits", _place.Runs, folder: null, Noon).Id);
    }

    [Fact]
    public void List_Entries_NewestLast()
    {
        Index.Claim("b", _place.Runs, folder: null, Noon.AddHours(1));
        Index.Claim("a", _place.Runs, folder: null, Noon.AddHours(2));
        Index.Claim("c", _place.Runs, folder: null, Noon);

        Assert.Equal(["c-0001", "b-0001", "a-0001"], Index.List().Select(entry => entry.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public void List_UnreadableEntry_SkipsItAndItsNumberIsTaken(string content)
    {
        Index.Claim("digits", _place.Runs, folder: null, Noon);
        File.WriteAllText(Path.Combine(_place.Home.Runs, "digits-0002.json"), content);

        Assert.Equal(["digits-0001"], Index.List().Select(entry => entry.Id));
        Assert.Equal("digits-0003", Index.Claim("digits", _place.Runs, folder: null, Noon).Id);
    }

    [Fact]
    public void Find_PathOutOfTheIndex_IsNoId()
    {
        File.WriteAllText(Path.Combine(_place.Folder, "x.json"), """{"id":"x","folder":"/x","cluster":null}""");

        Assert.Null(Index.Find("../../x"));
    }
}
