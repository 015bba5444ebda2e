using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Orleans.Configuration;

namespace Trainer.Silos.Security;

/// <summary>Puts <see cref="ConnectionProof"/> in front of every connection.</summary>
internal static partial class ConnectionProofOptions
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Connections between silos, and from clients.</summary>
    public static void Prove(this SiloConnectionOptions options, byte[] key)
    {
        var proof = new ConnectionProof(key, Deadline);
        options.ConfigureSiloOutboundConnection(builder => Initiate(builder, proof, ConnectionPurpose.Silo));
        options.ConfigureSiloInboundConnection(builder => Accept(builder, proof, ConnectionPurpose.Silo));
        options.ConfigureGatewayInboundConnection(builder => Accept(builder, proof, ConnectionPurpose.Gateway));
    }

    /// <summary>Connections of a client.</summary>
    public static void Prove(this ClientConnectionOptions options, byte[] key)
    {
        var proof = new ConnectionProof(key, Deadline);
        options.ConfigureConnection(builder => Initiate(builder, proof, ConnectionPurpose.Gateway));
    }

    private static void Initiate(IConnectionBuilder builder, ConnectionProof proof, ConnectionPurpose purpose) =>
        builder.Use(next => async connection =>
        {
            await proof.InitiateAsync(connection, purpose);
            await next(connection);
        });

    private static void Accept(IConnectionBuilder builder, ConnectionProof proof, ConnectionPurpose purpose)
    {
        ILogger logger = builder.ApplicationServices.GetRequiredService<ILogger<ConnectionProof>>();
        builder.Use(next => async connection =>
        {
            try
            {
                await proof.AcceptAsync(connection, purpose);
            }
            catch (ConnectionAbortedException refused)
            {
                LogRefused(logger, connection.RemoteEndPoint?.ToString(), refused.Message);
                throw;
            }

            await next(connection);
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection from {Peer}. {Reason}")]
    private static partial void LogRefused(ILogger logger, string? peer, string reason);
}
