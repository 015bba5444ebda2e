using System.Net;
using System.Security.Cryptography;

using Trainer.Commands;
using Trainer.Data;

using Xunit;

namespace Trainer.Datasets;

public sealed class SetDownloadTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("trainer-download-").FullName;

    [Fact]
    public async Task RunAsync_FilesWithTheirHash_AreWrittenOnce()
    {
        using var handler = new Answers(HttpStatusCode.OK);

        await RunAsync(handler, Convert.ToHexStringLower(SHA256.HashData(Content)));
        await RunAsync(handler, Convert.ToHexStringLower(SHA256.HashData(Content)));

        Assert.Equal(4, handler.Requests);
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task RunAsync_OtherBytes_WritesNothing()
    {
        using var handler = new Answers(HttpStatusCode.OK);

        CommandException error =
            await Assert.ThrowsAsync<CommandException>(() => RunAsync(handler, new string('0', 64)));

        Assert.StartsWith(
            "'http://set.test/train-images-idx3-ubyte.gz' has SHA-256 ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task RunAsync_NotFound_SaysWhatToDo()
    {
        using var handler = new Answers(HttpStatusCode.NotFound);

        CommandException error =
            await Assert.ThrowsAsync<CommandException>(() => RunAsync(handler, new string('0', 64)));

        Assert.Contains("cannot be downloaded", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.Contains("TRAINER_DATA", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(Answers handler, string hash)
    {
        using var client = new HttpClient(handler, disposeHandler: false);
        var set = new FileSet("set", "http://set.test/", [hash, hash, hash, hash], "a set");
        await new SetDownload(client).RunAsync(set, _folder, _ => { }, TestContext.Current.CancellationToken);
    }

    private sealed class Answers(HttpStatusCode status) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(Content) });
        }
    }
}
