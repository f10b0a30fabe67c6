using System.Security.Authentication;
using PaperPipeline.ServiceDefaults.Settings;
using RabbitMQ.Client;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Connections to the broker beside the bus.</summary>
internal static class BrokerConnection
{
    /// <summary>The versions of TLS that are spoken.</summary>
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>How often each side shows that it is there.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long the broker may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long it may take where it makes queues: one that has little of a processor takes long, and who gives up and asks
    /// again makes it longer.
    /// </summary>
    public static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(50);

    /// <summary>Makes connections that do not come back by themselves.</summary>
    /// <param name="access">How the broker is reached.</param>
    /// <param name="purpose">What the broker shows of the connection.</param>
    /// <param name="patience">How long each answer may take once it is connected.</param>
    /// <param name="refused">Told of a certificate that is not trusted.</param>
    public static ConnectionFactory Factory(
        BusAccess access,
        string purpose,
        TimeSpan patience,
        Action<string>? refused = null
    ) =>
        new()
        {
            HostName = access.Host,
            Port = access.Port,
            VirtualHost = access.VirtualHost,
            UserName = access.User,
            Password = access.Password,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Patience,
            ContinuationTimeout = patience,
            RequestedHeartbeat = Heartbeat,
            ClientProvidedName = "paperpipeline " + purpose,
            Ssl = new SslOption(access.Host, enabled: access.IsSecured)
            {
                Version = Protocols,
                CertificateValidationCallback = (sender, certificate, chain, errors) =>
                {
                    var trusted = access.Trusts(sender, certificate, chain, errors);
                    if (!trusted)
                        refused?.Invoke(CertificateTrust.Reason(access.Host, chain, errors));
                    return trusted;
                },
            },
        };
}
