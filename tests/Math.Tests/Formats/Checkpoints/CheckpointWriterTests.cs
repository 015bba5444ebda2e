using Xunit;

namespace Trainer.Checkpoints;

public sealed class CheckpointWriterTests
{
    [Fact]
    public void Write_ThenRead_GivesTheSameCheckpoint()
    {
        var files = new MemoryFiles();

        Samples.Writer(files).Write(Samples.Create(200, bestStep: 100));

        FoundCheckpoint found = CheckpointReader.ReadNewest(Samples.Folder, files)!;
        Assert.Equal(new CheckpointName(1, 200), found.Name);
        Assert.Empty(found.Damaged);
        Samples.AssertIsSample(found, bestStep: 100);
    }

    [Fact]
    public void Write_PowerCutAtAnyOperation_LeavesTheLastOrTheNewOne()
    {
        int operations = OperationsOf(files => WriteThree(files, _ => { }));
        Assert.True(operations > 30, $"{operations} operations");
        for (int crash = 0; crash < operations; crash++)
        {
            for (int seed = 0; seed < 10; seed++)
            {
                var files = new MemoryFiles { CrashAt = crash };
                long committed = 0;
                Assert.Throws<MemoryFiles.PowerCutException>(() => WriteThree(files, step => committed = step));

                files.Restart(new Random(seed));

                FoundCheckpoint? found = CheckpointReader.ReadNewest(Samples.Folder, files);
                Assert.True((found?.Name.Step ?? 0) >= committed, $"crash {crash}, seed {seed}: {committed} is lost");
                Assert.Empty(found?.Damaged ?? []);
                if (found is not null)
                {
                    Samples.AssertIsSample(found);
                }
            }
        }
    }

    [Fact]
    public void Write_DiskFullAtAnyOperation_KeepsTheLastAndGoesOnLater()
    {
        int first = OperationsOf(files => Samples.Writer(files).Write(Samples.Create(100)));
        int both = OperationsOf(files => Write(files, 100, 200));
        for (int full = first; full < both; full++)
        {
            var files = new MemoryFiles { FullAt = full };
            CheckpointWriter writer = Samples.Writer(files);
            writer.Write(Samples.Create(100));
            long newest = 200;
            try
            {
                writer.Write(Samples.Create(200));
            }
            catch (IOException)
            {
                newest = 100;
            }

            FoundCheckpoint found = CheckpointReader.ReadNewest(Samples.Folder, files)!;
            Assert.True(found.Name.Step >= newest, $"full at {full}");
            Samples.AssertIsSample(found);
            writer.Write(Samples.Create(300));
            Assert.Equal(300, CheckpointReader.ReadNewest(Samples.Folder, files)!.Name.Step);
        }
    }

    [Fact]
    public void Write_AfterANewerClaim_IsRefusedAndNothingIsVisible()
    {
        var files = new MemoryFiles();
        CheckpointWriter stopped = Samples.Writer(files);
        stopped.Write(Samples.Create(100));
        CheckpointWriter newer = Samples.Writer(files);

        Assert.Throws<ClaimLostException>(() => stopped.Write(Samples.Create(200)));

        Assert.Equal(new CheckpointName(1, 100), CheckpointReader.ReadNewest(Samples.Folder, files)!.Name);
        newer.Write(Samples.Create(150));
        Assert.Equal(new CheckpointName(2, 150), CheckpointReader.ReadNewest(Samples.Folder, files)!.Name);
    }

    [Theory]
    [InlineData(nameof(ICheckpointFiles.Create))]
    [InlineData(nameof(ICheckpointFiles.Flush))]
    public void Write_ClaimedByOthersWhileItIsWritten_IsNotPublished(string during)
    {
        var files = new MemoryFiles();
        CheckpointWriter stopped = Samples.Writer(files);
        bool isClaimed = false;
        files.Before = (operation, _) =>
        {
            if (operation == during && !isClaimed)
            {
                isClaimed = true;
                CheckpointClaim.Take(Samples.Folder, files);
            }
        };

        Assert.Throws<ClaimLostException>(() => stopped.Write(Samples.Create(100)));

        Assert.Null(CheckpointReader.ReadNewest(Samples.Folder, files));
        Assert.DoesNotContain(
            files.List(Samples.Folder), name => name.EndsWith(".safetensors", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_HalfWrittenFilesOfEarlierOnes_AreRemoved()
    {
        var files = new MemoryFiles();
        Samples.Writer(files).Write(Samples.Create(100));
        files.Create(Samples.PathOf("1-200.safetensors")).Dispose();
        files.Create(Samples.PathOf(".1-300.safetensors.tmp")).Dispose();

        CheckpointClaim claim = CheckpointClaim.Take(Samples.Folder, files);

        Assert.Equal(2, claim.Incarnation);
        Assert.Equal(
            ["1-100.json", "1-100.safetensors", "claim-1", "claim-2"], files.List(Samples.Folder).Order());
    }

    [Fact]
    public void Take_AfterAnIncarnationThatWasFollowed_IsRefused()
    {
        var files = new MemoryFiles();
        CheckpointClaim.Take(Samples.Folder, files);
        CheckpointClaim second = CheckpointClaim.Take(Samples.Folder, files, after: 1);

        var lost = Assert.Throws<ClaimLostException>(() => CheckpointClaim.Take(Samples.Folder, files, after: 1));

        Assert.Equal("incarnation 2 of the job has taken its folder over; incarnation 1 must end.", lost.Message);
        second.Require();
    }

    [Fact]
    public void Require_OwnClaimGone_IsAnInputOutputError()
    {
        var files = new MemoryFiles();
        CheckpointClaim claim = CheckpointClaim.Take(Samples.Folder, files);

        files.Delete(Samples.PathOf("claim-1"));

        IOException error = Assert.Throws<IOException>(claim.Require);
        Assert.Equal("'/run/checkpoints/claim-1' is gone.", error.Message);
    }

    [Fact]
    public void Write_MoreThanAreKept_KeepsTheNewestAndTheFirstWithTheBestWeights()
    {
        var files = new MemoryFiles();
        CheckpointWriter writer = Samples.Writer(files, keep: 2);
        foreach ((long step, long best) in new[] { (1L, 0L), (2, 1), (3, 3), (4, 3), (5, 3), (6, 3) })
        {
            writer.Write(Samples.Create(step, best));
        }

        Assert.Equal(
            ["1-6", "1-5", "1-3"],
            CheckpointReader.List(Samples.Folder, files).Select(name => name.ToString()));
        Assert.Equal(7, files.List(Samples.Folder).Count);
    }

    private static void WriteThree(MemoryFiles files, Action<long> committed)
    {
        CheckpointWriter writer = Samples.Writer(files, keep: 1);
        foreach (long step in new long[] { 100, 200, 300 })
        {
            writer.Write(Samples.Create(step));
            committed(step);
        }
    }

    private static void Write(MemoryFiles files, params long[] steps)
    {
        CheckpointWriter writer = Samples.Writer(files);
        Array.ForEach(steps, step => writer.Write(Samples.Create(step)));
    }

    private static int OperationsOf(Action<MemoryFiles> work)
    {
        var files = new MemoryFiles();
        work(files);
        return files.Operations;
    }
}
