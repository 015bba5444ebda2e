using Trainer.Data;

using Xunit;

namespace Trainer.Checkpoints;

public sealed class CheckpointReaderTests
{
    private const int Mutations = 300;

    [Fact]
    public void ReadNewest_NoFolder_IsNull() =>
        Assert.Null(CheckpointReader.ReadNewest(Samples.Folder, new MemoryFiles()));

    [Fact]
    public void ReadNewest_AnyMutationOfTheNewest_FallsBackAndNamesBothFiles()
    {
        for (int seed = 0; seed < Mutations; seed++)
        {
            MemoryFiles files = Three();
            var random = new Random(seed);
            string path = Samples.PathOf(random.Next(2) == 0 ? "1-300.safetensors" : "1-300.json");
            byte[] before = files.Read(path);
            byte[] after = Mutate(before, random);
            if (before.AsSpan().SequenceEqual(after))
            {
                continue;
            }

            files.Replace(path, after);

            FoundCheckpoint found = CheckpointReader.ReadNewest(Samples.Folder, files)!;
            Assert.True(found.Name.Step == 200, $"seed {seed}: step {found.Name.Step}");
            Samples.AssertIsSample(found);
            string line = Assert.Single(found.Damaged);
            Assert.StartsWith("checkpoint '1-300.safetensors' cannot be used: ", line, StringComparison.Ordinal);
            Assert.EndsWith("; going on from '1-200.safetensors'.", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1-300.safetensors")]
    [InlineData("1-300.json")]
    public void ReadNewest_FileOfTheNewestMissing_FallsBack(string name)
    {
        MemoryFiles files = Three();

        files.Delete(Samples.PathOf(name));

        Assert.Equal(200, CheckpointReader.ReadNewest(Samples.Folder, files)!.Name.Step);
    }

    [Fact]
    public void ReadNewest_TwoFilesChangedPlaces_FallsBack()
    {
        MemoryFiles files = Three();
        files.Replace(Samples.PathOf("1-300.safetensors"), files.Read(Samples.PathOf("1-100.safetensors")));
        string manifest = System.Text.Encoding.UTF8.GetString(files.Read(Samples.PathOf("1-100.json")));
        files.Replace(
            Samples.PathOf("1-300.json"),
            Samples.Text(manifest.Replace("1-100.", "1-300.", StringComparison.Ordinal)));

        FoundCheckpoint found = CheckpointReader.ReadNewest(Samples.Folder, files)!;

        Assert.Equal(200, found.Name.Step);
        Assert.Equal(
            ["checkpoint '1-300.safetensors' cannot be used: it is of step 100; going on from '1-200.safetensors'."],
            found.Damaged);
    }

    [Fact]
    public void ReadNewest_AllDamaged_NamesEach()
    {
        MemoryFiles files = Three();
        foreach (int step in new[] { 100, 200, 300 })
        {
            files.Replace(Samples.PathOf($"1-{step}.safetensors"), []);
        }

        DataException error =
            Assert.Throws<DataException>(() => CheckpointReader.ReadNewest(Samples.Folder, files));

        Assert.StartsWith(
            "None of the checkpoints in '/run/checkpoints' can be used: '1-300.safetensors': it has 0 bytes and not ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("'1-100.safetensors'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_OtherFiles_AreNoCheckpoints()
    {
        var files = new MemoryFiles();
        string[] names = ["01-2.json", "1-2-3.json", "x-2.json", "1-.json", "1- 2.json", "+1-2.json", "2-1.json"];
        foreach (string name in names)
        {
            files.Create(Samples.PathOf(name)).Dispose();
        }

        Assert.Equal([new CheckpointName(2, 1)], CheckpointReader.List(Samples.Folder, files));
    }

    [Fact]
    public void List_IncarnationsAndSteps_HighestIncarnationFirst()
    {
        var files = new MemoryFiles();
        Samples.Writer(files).Write(Samples.Create(900));
        Samples.Writer(files).Write(Samples.Create(100));

        Assert.Equal(
            ["2-100", "1-900"], CheckpointReader.List(Samples.Folder, files).Select(name => name.ToString()));
    }

    [Theory]
    [InlineData("other", "fp32-1", "aa", "bb", "'job.yaml' has changed since")]
    [InlineData("digits", "x", "aa", "bb", "it was computed with kernel 'fp32-1', and this program has 'x'")]
    [InlineData("digits", "fp32-1", "cc", "bb", "the data has changed since")]
    [InlineData("digits", "fp32-1", "aa", "cc", "the data is split or preprocessed in another way now")]
    [InlineData("digits", "fp32-1", "aa", "bb", null)]
    public void DifferenceFrom_OtherJob_IsNamed(string name, string kernel, string data, string plan, string? expected)
    {
        var now = new CheckpointJob(kernel, $$"""{"name":"{{name}}"}""", data, plan);

        Assert.Equal(expected, now.DifferenceFrom(Samples.Create(1).Job));
    }

    private static MemoryFiles Three()
    {
        var files = new MemoryFiles();
        CheckpointWriter writer = Samples.Writer(files);
        foreach (int step in new[] { 100, 200, 300 })
        {
            writer.Write(Samples.Create(step));
        }

        return files;
    }

    private static byte[] Mutate(byte[] content, Random random)
    {
        byte[] changed = [.. content];
        switch (random.Next(5))
        {
            case 0:
                return changed[..random.Next(changed.Length)];
            case 1:
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
            case 2:
                return [.. changed, (byte)random.Next(256)];
            case 3:
                int first = random.Next(changed.Length);
                random.NextBytes(changed.AsSpan(first, Math.Min(16, changed.Length - first)));
                return changed;
            default:
                // A digit in place of another: the kind of change that leaves JSON well-formed.
                int[] digits =
                    [.. changed.Index().Where(each => each.Item is >= 48 and <= 57).Select(each => each.Index)];
                changed[digits[random.Next(digits.Length)]] = (byte)(48 + random.Next(10));
                return changed;
        }
    }
}
