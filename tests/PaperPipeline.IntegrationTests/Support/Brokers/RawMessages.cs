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
        SendAsync(
            ExchangeOf(type),
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    messageId = Guid.NewGuid(),
                    conversationId = Guid.NewGuid(),
                    messageType = new[] { $"urn:message:{ExchangeOf(type)}" },
                    message,
                }
            ),
            new BasicProperties
            {
                ContentType = "application/vnd.masstransit+json",
                Persistent = true,
                MessageId = Guid.NewGuid().ToString(),
            }
        );

    /// <summary>Puts bytes into a queue by way of its exchange; returns when the broker has them.</summary>
    public async Task SendAsync(string exchange, ReadOnlyMemory<byte> body, BasicProperties properties) =>
        await _channel.BasicPublishAsync(exchange, "", mandatory: true, properties, body);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
