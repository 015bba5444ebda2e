using Xunit;

namespace Trainer.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteAllText_NewFile_HasTheTextInUtf8()
    {
        string path = _folder.File("a.json");

        AtomicFile.WriteAllText(path, "{\"ä\": 1}\n");

        Assert.Equal("{\"ä\": 1}\n"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WriteAllBytes_ExistingFile_IsReplaced()
    {
        string path = _folder.File("a.bin");
        File.WriteAllText(path, "a longer content than the new one");

        AtomicFile.WriteAllBytes(path, [1, 2, 3]);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_ContentThrows_LeavesTheOldFileAndNothingElse()
    {
        string path = _folder.File("a.bin");
        File.WriteAllBytes(path, [7]);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            throw new InvalidOperationException();
        }));

        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ContentThrowsAndTheFolderIsGone_ThrowsWhatTheContentThrew()
    {
        string folder = Directory.CreateDirectory(_folder.File("gone")).FullName;

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(Path.Combine(folder, "a.bin"), _ =>
        {
            Directory.Delete(folder, recursive: true);
            throw new InvalidOperationException();
        }));
    }

    [Fact]
    public void Write_NoSuchFolder_Throws() => Assert.Throws<DirectoryNotFoundException>(
        () => AtomicFile.WriteAllText(Path.Combine(_folder.Path, "none", "a.txt"), "text"));

    [Fact]
    public void Write_PathIsAFolder_LeavesNoTemporaryFile()
    {
        string path = _folder.File("folder");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => AtomicFile.WriteAllText(path, "text"));

        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }
}
