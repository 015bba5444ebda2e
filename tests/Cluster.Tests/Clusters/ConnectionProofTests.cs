using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;

using Microsoft.AspNetCore.Connections;

using Trainer.Silos.Security;

using Xunit;

namespace Trainer.Clusters;

public sealed class ConnectionProofTests
{
    private const int Port = 4711;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly byte[] Key = SHA256.HashData("key"u8);
    private static readonly byte[] OtherKey = SHA256.HashData("other"u8);

    private readonly DefaultConnectionContext _client;
    private readonly DefaultConnectionContext _server;

    public ConnectionProofTests()
    {
        var up = new Pipe();
        var down = new Pipe();
        _client = new DefaultConnectionContext
        {
            Transport = new Duplex(down.Reader, up.Writer),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, Port),
        };
        _server = new DefaultConnectionContext
        {
            Transport = new Duplex(up.Reader, down.Writer),
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, Port),
        };
    }

    [Fact]
    public async Task BothSides_SameKey_AgreeAndLeaveWhatFollows()
    {
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Gateway);
        await new ConnectionProof(Key, Deadline).InitiateAsync(_client, ConnectionPurpose.Gateway);
        await _client.Transport.Output.WriteAsync("orleans"u8.ToArray(), TestContext.Current.CancellationToken);
        await accept;

        ReadResult rest = await _server.Transport.Input.ReadAtLeastAsync(7, TestContext.Current.CancellationToken);
        Assert.Equal("orleans"u8.ToArray(), rest.Buffer.ToArray());
    }

    [Fact]
    public async Task BothSides_OtherKey_BothRefuse()
    {
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Gateway);

        ConnectionAbortedException refused = await Assert.ThrowsAsync<ConnectionAbortedException>(
            () => new ConnectionProof(OtherKey, Deadline).InitiateAsync(_client, ConnectionPurpose.Gateway));
        await _client.Transport.Output.CompleteAsync();

        Assert.Equal("The other side does not hold the cluster's key.", refused.Message);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accept);
    }

    [Fact]
    public async Task AcceptAsync_InitiatorWithoutKey_IsRefused()
    {
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Silo);
        byte[] guess = [.. "trainer 1\n"u8, .. new byte[32 + 32]];

        await _client.Transport.Output.WriteAsync(guess, TestContext.Current.CancellationToken);

        ConnectionAbortedException refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => accept);
        Assert.Equal("The other side does not hold the cluster's key.", refused.Message);
    }

    [Fact]
    public async Task AcceptAsync_OwnAnswerReflected_IsRefused()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Silo);
        await _client.Transport.Output.WriteAsync("trainer 1\n"u8.ToArray().Concat(new byte[32]).ToArray(), stop);
        ReadResult answer = await _client.Transport.Input.ReadAtLeastAsync(64, stop);

        await _client.Transport.Output.WriteAsync(answer.Buffer.Slice(32).ToArray(), stop);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accept);
    }

    [Fact]
    public async Task BothSides_RelayedThroughAnotherPort_Refuse()
    {
        _client.RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, Port + 1);
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Silo);

        await Assert.ThrowsAsync<ConnectionAbortedException>(
            () => new ConnectionProof(Key, Deadline).InitiateAsync(_client, ConnectionPurpose.Silo));

        await _client.Transport.Output.CompleteAsync();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accept);
    }

    [Fact]
    public async Task BothSides_OtherPurpose_Refuse()
    {
        Task accept = new ConnectionProof(Key, Deadline).AcceptAsync(_server, ConnectionPurpose.Silo);

        await Assert.ThrowsAsync<ConnectionAbortedException>(
            () => new ConnectionProof(Key, Deadline).InitiateAsync(_client, ConnectionPurpose.Gateway));

        await _client.Transport.Output.CompleteAsync();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accept);
    }

    [Fact]
    public async Task AcceptAsync_SilentPeer_IsRefusedAtTheDeadlineWithoutAByteSent()
    {
        var proof = new ConnectionProof(Key, TimeSpan.FromMilliseconds(50));

        ConnectionAbortedException refused = await Assert.ThrowsAsync<ConnectionAbortedException>(
            () => proof.AcceptAsync(_server, ConnectionPurpose.Gateway));

        Assert.Equal("The other side did not prove the cluster's key in time.", refused.Message);
        Assert.False(_client.Transport.Input.TryRead(out _));
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
