using Microsoft.Extensions.Time.Testing;

using Trainer.Silos;

using Xunit;

namespace Trainer.Clusters;

public sealed class SiloWatchTests : IDisposable
{
    private const string Job = "digits-0001";

    private static readonly ProcessIdentity Gone = ProcessIdentity.Current with { StartTime = 1 };

    private readonly string _home = Directory.CreateTempSubdirectory("trainer-watch-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly ClusterFolder _folder;

    public SiloWatchTests()
    {
        _folder = new ClusterFolder(new TrainerHome(_home), "own");
        _folder.CreateRunning();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Reason_OwnerLives_IsNone()
    {
        SiloWatch watch = Watch(ProcessIdentity.Current, untilJob: null);

        Assert.Null(watch.Reason());
    }

    [Fact]
    public void Reason_OwnersIdReused_IsThatTheOwnerEnded()
    {
        SiloWatch watch = Watch(Gone, untilJob: null);

        Assert.Equal($"its owner, process {Gone.Pid}, ended", watch.Reason());
    }

    [Fact]
    public void Reason_OtherClusterOfThatName_IsThatItWasTakenDown()
    {
        SiloWatch watch = Watch(ProcessIdentity.Current, untilJob: null);

        _folder.Write(_folder.ReadCluster()! with { Id = "another" });

        Assert.Equal("cluster 'own' was taken down", watch.Reason());
    }

    [Fact]
    public void Reason_JobRunsAndOwnerGone_IsNone()
    {
        SiloWatch watch = Watch(Gone, Job);
        WriteJob("running");

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(watch.Reason());
    }

    [Fact]
    public void Reason_StateOfTheJobRemoved_ComesAfterAMoment()
    {
        SiloWatch watch = Watch(ProcessIdentity.Current, Job);
        WriteJob("running");
        Assert.Null(watch.Reason());
        File.Delete(Path.Combine(_folder.Jobs, $"{Job}.json"));
        Assert.Null(watch.Reason());

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal($"the state of job '{Job}' is gone", watch.Reason());
    }

    [Fact]
    public void Reason_JobEnded_ComesAfterAMoment()
    {
        SiloWatch watch = Watch(Gone, Job);
        WriteJob("completed");
        Assert.Null(watch.Reason());

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal($"job '{Job}' ended (completed)", watch.Reason());
    }

    [Fact]
    public void Reason_LeaderOfTheJobGone_ComesAfterAMoment()
    {
        SiloWatch watch = Watch(Gone, Job);
        WriteJob("running", Gone);
        Assert.Null(watch.Reason());

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal($"job '{Job}' ended (lost)", watch.Reason());
    }

    [Fact]
    public void Reason_JobNeverStartsAndOwnerLives_ComesAfterTenMinutes()
    {
        SiloWatch watch = Watch(ProcessIdentity.Current, Job);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(watch.Reason());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal($"job '{Job}' did not start within 10 minutes", watch.Reason());
    }

    [Fact]
    public void Reason_OwnerGoneBeforeTheJobStarts_ComesWithinSeconds()
    {
        SiloWatch watch = Watch(Gone, Job);
        Assert.Null(watch.Reason());

        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal($"its client ended before it started job '{Job}'", watch.Reason());
    }

    private SiloWatch Watch(ProcessIdentity owner, string? untilJob)
    {
        var cluster = new ClusterFile("own", "id", 1, 1, DateTimeOffset.UnixEpoch, owner, untilJob);
        _folder.Write(cluster);
        return new SiloWatch(_folder, cluster, _time);
    }

    private void WriteJob(string state, ProcessIdentity? leader = null)
    {
        var job = new JobStateFile(Job, "digits", state, 0, 0, 0, 1, "messages", [], [], "/x") { Leader = leader };
        job.Write(_folder.Jobs);
    }
}
