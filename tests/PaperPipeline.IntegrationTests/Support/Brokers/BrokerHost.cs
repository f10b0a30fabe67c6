using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>A virtual host of a broker: one test's own world.</summary>
internal sealed record BrokerHost(Broker Broker, string Name)
{
    /// <summary>The address as <c>PAPERPIPELINE_BUS</c> takes it.</summary>
    public string Address => Broker.Address.ToString().TrimEnd('/') + (Name == "/" ? "" : "/" + Name);

    /// <summary>What is done when nobody needs it any more.</summary>
    public Func<Task> Released { private get; init; } = () => Task.CompletedTask;

    /// <summary>Says that nobody needs it any more.</summary>
    public Task ReleaseAsync() => Released();

    /// <summary>All queues, by name; lengths may be some seconds old.</summary>
    public Task<IReadOnlyList<Queue>> QueuesAsync() => Broker.QueuesAsync(Name);

    /// <summary>A connection as any other program would open it.</summary>
    public Task<IConnection> ConnectAsync() => ConnectAsync(Broker.Address, Name);

    /// <summary>The messages that wait in a queue now; 0 where there is no such queue.</summary>
    public async Task<uint> WaitingAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    /// <summary>The messages that wait in a queue, which keeps them.</summary>
    public async Task<IReadOnlyList<Tapped>> ReadAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var messages = new List<Tapped>();
        // Given back when the channel closes.
        while (await channel.BasicGetAsync(queue, autoAck: false) is { } message)
            messages.Add(Tapped.Of(message.Body));
        return messages;
    }

    public static async Task<IConnection> ConnectAsync(Uri address, string virtualHost)
    {
        var user = address.UserInfo.Split(':');
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port,
            UserName = user[0],
            Password = user[1],
            VirtualHost = virtualHost,
            AutomaticRecoveryEnabled = false,
        };
        return await factory.CreateConnectionAsync();
    }
}
