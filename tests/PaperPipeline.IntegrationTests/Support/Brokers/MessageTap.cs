using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>A message that somebody published: its type's short name, and the message itself.</summary>
internal sealed record Tapped(string Type, JsonElement Message)
{
    public static Tapped Of(ReadOnlyMemory<byte> body)
    {
        var envelope = JsonDocument.Parse(body.ToArray()).RootElement;
        var type = envelope.GetProperty("messageType")[0].GetString()!;
        return new Tapped(type[(type.LastIndexOf(':') + 1)..], envelope.GetProperty("message"));
    }

    public string Digest => Message.GetProperty("digest").GetString()!;
}

/// <summary>Hears every message that is published in a virtual host, by a queue of its own beside the real ones.</summary>
internal sealed class MessageTap : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly ConcurrentQueue<Tapped> _heard = new();

    private MessageTap(IConnection connection) => _connection = connection;

    /// <summary>What was published since it began, in order.</summary>
    public IReadOnlyList<Tapped> Heard => [.. _heard];

    /// <summary>Begins to hear; the workers have been started once, so that the exchanges exist.</summary>
    /// <param name="host">The virtual host.</param>
    /// <param name="types">Short names of the message types.</param>
    /// <param name="hear">What is done with each, by its type, before it is acknowledged.</param>
    public static async Task<MessageTap> OpenAsync(
        BrokerHost host,
        IEnumerable<string> types,
        Func<string, BasicDeliverEventArgs, Task>? hear = null
    )
    {
        var tap = new MessageTap(await host.ConnectAsync());
        var channel = await tap._connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true)).QueueName;
        foreach (var type in types)
            await channel.QueueBindAsync(queue, RawMessages.ExchangeOf(type), "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var message = Tapped.Of(delivery.Body);
            if (hear is not null)
                await hear(message.Type, delivery);
            tap._heard.Enqueue(message);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return tap;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync();
        await _connection.DisposeAsync();
    }
}
