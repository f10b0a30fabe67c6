using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>Asks the broker over a connection of its own, because the bus may think itself healthy when it is not.</summary>
public sealed class BrokerProbe(Uri address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Number of consumers of a queue, as the broker sees it; 0 where there is no such queue.</summary>
    /// <exception cref="BrokerUnreachableException">The broker does not answer.</exception>
    public async Task<(uint Consumers, uint Messages)> LookAsync(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            var declared = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return (declared.ConsumerCount, declared.MessageCount);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return (0, 0);
        }
    }

    /// <summary>Tries the broker once: null when it let us in, else why not, and whether waiting may help.</summary>
    public async Task<(string Reason, bool MayPass)?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await ConnectAsync(cancellationToken);
            return null;
        }
        catch (BrokerUnreachableException failure)
        {
            return failure.InnerException switch
            {
                AuthenticationFailureException => ("user or password are wrong", false),
                OperationInterruptedException closed => (
                    closed.ShutdownReason?.ReplyText is { Length: > 0 } text ? text : closed.Message,
                    false
                ),
                { } inner => (Deepest(inner).Message.TrimEnd('.'), true),
                _ => (failure.Message.TrimEnd('.'), true),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("no answer within 5 s", true);
        }
    }

    private Task<IConnection> ConnectAsync(CancellationToken cancellationToken) =>
        ConnectAsync("probe", cancellationToken);

    /// <summary>Opens a connection that is not opened again by itself.</summary>
    /// <param name="purpose">What the broker shows of it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal async Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken)
    {
        var (user, password) = BrokerAddress.Credentials(address);
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = BrokerAddress.Port(address),
            VirtualHost = BrokerAddress.VirtualHost(address),
            UserName = user,
            Password = password,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Patience,
            ContinuationTimeout = Patience,
            RequestedHeartbeat = Heartbeat,
            ClientProvidedName = "paperpipeline " + purpose,
        };
        if (address.Scheme == "amqps")
            factory.Ssl = new SslOption(address.Host, enabled: true);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        return await factory.CreateConnectionAsync(bounded.Token);
    }

    private static Exception Deepest(Exception failure) =>
        failure is AggregateException { InnerExceptions: [var first, ..] } ? Deepest(first)
        : failure.InnerException is { } inner ? Deepest(inner)
        : failure;
}
