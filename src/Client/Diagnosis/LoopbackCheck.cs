using System.Net;
using System.Net.Sockets;

namespace Trainer.Diagnosis;

/// <summary>Whether processes of this machine can reach each other over 127.0.0.1, as silos do.</summary>
internal static class LoopbackCheck
{
    private const string Name = "ports";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Examines it by sending a byte to itself.</summary>
    public static async Task<Finding> ExamineAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var place = (IPEndPoint)listener.LocalEndpoint;
            using var client = new TcpClient();
            await client.ConnectAsync(place, limit.Token);
            using TcpClient server = await listener.AcceptTcpClientAsync(limit.Token);
            await client.GetStream().WriteAsync(new byte[] { 1 }, limit.Token);
            await server.GetStream().ReadExactlyAsync(new byte[1], limit.Token);
            return new Finding(Name, FindingState.Ok, "127.0.0.1 listens and connects");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return Broken(error.Message.ReplaceLineEndings(" "));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Broken($"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static Finding Broken(string reason) => new(
        Name,
        FindingState.Broken,
        $"127.0.0.1 does not connect to itself: {reason}",
        "let a firewall or sandbox allow connections on 127.0.0.1");
}
