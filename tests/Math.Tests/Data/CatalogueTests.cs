using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

using Xunit;

namespace Trainer.Data;

public sealed class CatalogueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void EmbeddedSets_All_AreFound() =>
        Assert.All(Catalogue.EmbeddedSets, set => Assert.True(Catalogue.TryGet(set.Name, out _)));

    [Fact]
    public void Find_Digits_HasTheHashOfItsBytes()
    {
        DataSource source = Catalogue.Find("digits");

        Assert.Equal(
            new DataSource("digits", null, 0, "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a"),
            source);
    }

    [Theory]
    [InlineData("breast-cancer", 569, 30, "benign,malignant")]
    [InlineData("digits", 1797, 64, "0,1,2,3,4,5,6,7,8,9")]
    [InlineData("heart", 303, 18, "No,Yes")]
    public void Find_EmbeddedSet_LoadsWithItsOwnTarget(string name, int rows, int inputs, string classes)
    {
        DataPlan plan = TempFolder.Plan(TempFolder.Request(Catalogue.Find(name), []));

        Assert.Equal((rows, inputs), (plan.Rows(DataPart.Train), plan.Inputs));
        Assert.Equal(classes.Split(','), plan.Pipeline.ClassNames);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Find_Heart_EqualsTheSharedFile()
    {
        DataRequest request = TempFolder.Request(SharedData.Find("heart/Heart.csv"), ["AHD"]);

        RowSet embedded = TempFolder.Load(TempFolder.Plan(request with { Source = Catalogue.Find("heart") }));

        RowSet expected = TempFolder.Load(TempFolder.Plan(request with { Exclude = ["column_1"] }));
        Assert.Equal(expected.Features, embedded.Features);
        Assert.Equal(expected.Targets, embedded.Targets);
    }

    [Fact]
    public void Find_HeartWithItsRowNumber_HasItAsAFeatureWhenIncluded()
    {
        DataRequest request = TempFolder.Request(Catalogue.Find("heart"), []) with { Include = ["column_1", "Age"] };

        Assert.Equal(["column_1", "Age"], TempFolder.Plan(request).Pipeline.FeatureColumns);
    }

    [Theory]
    [InlineData("digit", "'digit' is unknown (did you mean 'digits'?)")]
    [InlineData("whatever", "'whatever' is unknown")]
    public void Find_OtherNames_SaysWhatThereIs(string name, string message)
    {
        DataException error = Assert.Throws<DataException>(() => Catalogue.Find(name));

        Assert.Equal(
            $"Data set {message}; the catalogue has: breast-cancer, digits, fashion-mnist, heart, mnist; or give the " +
            "path of a file.",
            error.Message);
    }

    [Fact]
    public void Find_FileWithTheNameOfASet_IsTheFile()
    {
        _folder.Csv("a,y\n", "digits");

        DataSource source = Catalogue.Find("digits", _folder.Path);

        Assert.Equal(Path.Combine(_folder.Path, "digits"), source.Path);
    }

    [Theory]
    [InlineData("no.csv")]
    [InlineData("./digits")]
    public void Find_LooksLikeAPath_IsAPath(string path)
    {
        DataException error = Assert.Throws<DataException>(() => Catalogue.Find(path, _folder.Path));

        Assert.EndsWith("does not exist; check the path.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_File_GivesAbsolutePathSizeAndHash()
    {
        string path = Path.Combine(_folder.Path, "a.csv");
        File.WriteAllText(path, "abc");

        DataSource source = Catalogue.Register(Path.GetRelativePath(Environment.CurrentDirectory, path));

        Assert.Equal(new DataSource("a.csv", path, 3, Convert.ToHexStringLower(SHA256.HashData("abc"u8))), source);
    }

    [Fact]
    public void Register_LinkToAFile_ReadsTheFile()
    {
        DataSource file = _folder.Csv("a,y\n1,2\n");
        string link = Path.Combine(_folder.Path, "link.csv");
        File.CreateSymbolicLink(link, file.Path!);

        Assert.Equal(file.Sha256, Catalogue.Register(link).Sha256);
    }

    [Fact]
    public void Register_Directory_SaysSo() =>
        AssertError(_folder.Path, $"Data file '{_folder.Path}' is a directory; give the path of a file.");

    [Fact]
    public void Register_DanglingLink_SaysThatItDoesNotExist()
    {
        string link = Path.Combine(_folder.Path, "link.csv");
        File.CreateSymbolicLink(link, Path.Combine(_folder.Path, "gone.csv"));

        AssertError(link, $"Data file '{link}' does not exist; check the path.");
    }

    [Fact]
    public void Register_LinkToItself_GivesOneLine()
    {
        string link = Path.Combine(_folder.Path, "loop.csv");
        File.CreateSymbolicLink(link, link);

        DataException error = Assert.Throws<DataException>(() => Catalogue.Register(link));

        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Register_NoPath_GivesOneLine(string path)
    {
        DataException error = Assert.Throws<DataException>(() => Catalogue.Register(path));

        Assert.DoesNotContain('\0', error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Register_EmptyFile_SaysSo()
    {
        string path = Path.Combine(_folder.Path, "empty.csv");
        File.WriteAllText(path, "");

        AssertError(path, Irregular(path));
    }

    [Fact]
    public void Register_Pipe_DoesNotWaitForAWriter()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Named pipes in the file system.");
        string path = Path.Combine(_folder.Path, "pipe.csv");
        using (var mkfifo = Process.Start("mkfifo", [path]))
        {
            mkfifo.WaitForExit();
        }

        AssertError(path, Irregular(path));
    }

    [Fact]
    public void Register_Device_IsNotRead()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "A device that never ends.");

        AssertError("/dev/zero", Irregular("/dev/zero"));
    }

    [Fact]
    public void Register_Socket_SaysSo()
    {
        Assert.SkipUnless(Socket.OSSupportsUnixDomainSockets, "Sockets in the file system.");
        string path = Path.Combine(_folder.Path, "socket.csv");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        AssertError(path, Irregular(path));
    }

    [Fact]
    public void Register_NotReadable_SaysSo()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Who is privileged reads everything.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Other permissions.");
        string path = _folder.Csv("a,y\n").Path!;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        DataException error = Assert.Throws<DataException>(() => Catalogue.Register(path));

        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Irregular(string path) =>
        $"Data file '{path}' is empty, or a pipe, socket or device; give a regular file with rows.";

    private static void AssertError(string path, string message)
    {
        DataException error = Assert.Throws<DataException>(() => Catalogue.Register(path));

        Assert.Equal(message, error.Message);
    }
}
