using System.Text.Json;
using RabbitMQ.Client;

namespace PaperPipeline.IntegrationTests.Support.Brokers;

/// <summary>Messages as they are on the wire, published past the library that the product uses.</summary>
internal sealed class RawMessages : IAsyncDisposable
{
    private const string Namespace = "PaperPipeline.Contracts";
    private static readonly CreateChannelOptions Confirmed = new(true, true);

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private RawMessages(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<RawMessages> OpenAsync(BrokerHost host)
    {
        var connection = await host.ConnectAsync();
        return new RawMessages(connection, await connection.CreateChannelAsync(Confirmed));
    }

    /// <summary>The exchange of a message type.</summary>
    public static string ExchangeOf(string type) => $"{Namespace}:{type}";

    /// <summary>Publishes a message of a type by its name; returns when the broker has it in a queue.</summary>
    public Task PublishAsync(string type, object message) =>
        SendAsync(ExchangeOf(type), Envelope(type, message), Properties());

    /// <summary>Puts a message of a type into one queue; returns when the broker has it.</summary>
    public async Task PutAsync(string queue, string type, object message) =>
        await _channel.BasicPublishAsync("", queue, mandatory: true, Properties(), Envelope(type, message));

    /// <summary>Moves the messages that meet a condition from one queue to another.</summary>
    public async Task MoveAsync(string from, string to, Func<Tapped, bool> condition)
    {
        var left = new List<ulong>();
        while (await _channel.BasicGetAsync(from, autoAck: false) is { } message)
        {
            if (!condition(Tapped.Of(message.Body)))
            {
                left.Add(message.DeliveryTag);
                continue;
            }
            await _channel.BasicPublishAsync(
                "",
                to,
                mandatory: true,
                new BasicProperties(message.BasicProperties),
                message.Body
            );
            await _channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        }
        foreach (var tag in left)
            await _channel.BasicNackAsync(tag, multiple: false, requeue: true);
    }

    /// <summary>Puts bytes into a queue by way of its exchange; returns when the broker has them.</summary>
    public async Task SendAsync(string exchange, ReadOnlyMemory<byte> body, BasicProperties properties) =>
        await _channel.BasicPublishAsync(exchange, "", mandatory: true, properties, body);

    private static byte[] Envelope(string type, object message) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                messageId = Guid.NewGuid(),
                conversationId = Guid.NewGuid(),
                messageType = new[] { $"urn:message:{ExchangeOf(type)}" },
                message,
            }
        );

    private static BasicProperties Properties() =>
        new()
        {
            ContentType = "application/vnd.masstransit+json",
            Persistent = true,
            MessageId = Guid.NewGuid().ToString(),
        };

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
