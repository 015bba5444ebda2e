using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;

using Microsoft.AspNetCore.Connections;

namespace Trainer.Silos.Security;

/// <summary>
/// Both ends of a connection prove that they hold the cluster's key, before any other byte: loopback is no boundary
/// between users.
/// </summary>
/// <remarks>
/// Challenge and response: the initiator sends a nonce; the acceptor its own nonce and HMAC-SHA256(key, "acceptor" |
/// purpose | port | both nonces); the initiator the same for "initiator". Nonces stop a replay, the roles a reflection,
/// purpose and port a relay through a port that a silo once had.
/// </remarks>
internal sealed class ConnectionProof(byte[] key, TimeSpan deadline)
{
    private const int Nonce = 32;
    private const int Proof = HMACSHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Greeting => "trainer 1\n"u8;

    /// <summary>The side that connected.</summary>
    /// <exception cref="ConnectionAbortedException">The other side did not prove the key in time.</exception>
    public async Task InitiateAsync(ConnectionContext connection, ConnectionPurpose purpose)
    {
        byte[] own = RandomNumberGenerator.GetBytes(Nonce);
        using var stop = new CancellationTokenSource(deadline);
        try
        {
            PipeWriter output = connection.Transport.Output;
            output.Write(Greeting);
            output.Write(own);
            await output.FlushAsync(stop.Token);
            byte[] answer = await ReadAsync(connection.Transport.Input, Nonce + Proof, stop.Token);
            byte[] other = answer[..Nonce];
            int port = Port(connection.RemoteEndPoint);
            Verify(answer.AsSpan(Nonce), Sign("acceptor"u8, purpose, port, own, other));
            output.Write(Sign("initiator"u8, purpose, port, own, other));
            await output.FlushAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw NoProof("did not prove the cluster's key in time");
        }
    }

    /// <summary>The side that was connected to.</summary>
    /// <exception cref="ConnectionAbortedException">The other side did not prove the key in time.</exception>
    public async Task AcceptAsync(ConnectionContext connection, ConnectionPurpose purpose)
    {
        byte[] own = RandomNumberGenerator.GetBytes(Nonce);
        using var stop = new CancellationTokenSource(deadline);
        try
        {
            byte[] challenge = await ReadAsync(connection.Transport.Input, Greeting.Length + Nonce, stop.Token);
            if (!challenge.AsSpan(0, Greeting.Length).SequenceEqual(Greeting))
            {
                throw NoProof("does not speak this protocol");
            }

            byte[] other = challenge[Greeting.Length..];
            int port = Port(connection.LocalEndPoint);
            PipeWriter output = connection.Transport.Output;
            output.Write(own);
            output.Write(Sign("acceptor"u8, purpose, port, other, own));
            await output.FlushAsync(stop.Token);
            byte[] answer = await ReadAsync(connection.Transport.Input, Proof, stop.Token);
            Verify(answer, Sign("initiator"u8, purpose, port, other, own));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw NoProof("did not prove the cluster's key in time");
        }
    }

    // Takes exactly that many bytes; what follows stays in the pipe.
    private static async Task<byte[]> ReadAsync(PipeReader input, int count, CancellationToken cancellationToken)
    {
        ReadResult result = await input.ReadAtLeastAsync(count, cancellationToken);
        if (result.Buffer.Length < count)
        {
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw NoProof("closed the connection before it proved the cluster's key");
        }

        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, count);
        byte[] bytes = taken.ToArray();
        input.AdvanceTo(taken.End);
        return bytes;
    }

    private static int Port(EndPoint? end) => end is IPEndPoint { Port: int port }
        ? port
        : throw new InvalidOperationException($"Connections are TCP; '{end}' is not.");

    private static void Verify(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> expected)
    {
        if (!CryptographicOperations.FixedTimeEquals(proof, expected))
        {
            throw NoProof("does not hold the cluster's key");
        }
    }

    private static ConnectionAbortedException NoProof(string what) => new($"The other side {what}.");

    private byte[] Sign(ReadOnlySpan<byte> role, ConnectionPurpose purpose, int port, byte[] initiator, byte[] acceptor)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> target = stackalloc byte[1 + sizeof(ushort)];
        target[0] = (byte)purpose;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)port);
        hash.AppendData(role);
        hash.AppendData(target);
        hash.AppendData(initiator);
        hash.AppendData(acceptor);
        return hash.GetHashAndReset();
    }
}

/// <summary>What a connection is for.</summary>
internal enum ConnectionPurpose : byte
{
    /// <summary>Between two silos.</summary>
    Silo = 1,

    /// <summary>From a client to a silo.</summary>
    Gateway = 2,
}
