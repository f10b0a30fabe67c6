using RabbitMQ.Client;

namespace PaperPipeline.ServiceDefaults.Messaging.Failures;

/// <summary>
/// Puts messages, as they are, into queues: mandatory, confirmed and bounded in time, over a connection of its own that is
/// opened when it is first needed and again after trouble.
/// </summary>
public sealed class QueueWriter(BrokerProbe broker) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1, 1);
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Puts a message at the end of a queue; returns once the broker has it.</summary>
    /// <exception cref="Exception">The broker did not take it, or did not answer in time: it may be there or not.</exception>
    public async Task WriteAsync(
        string queue,
        BasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        await turn.WaitAsync(bounded.Token);
        try
        {
            var open = await ChannelAsync(bounded.Token);
            await open.BasicPublishAsync("", queue, mandatory: true, properties, body, bounded.Token);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The properties of a message to be put back, without what broker and bus have noted of its failure.</summary>
    /// <param name="properties">The properties as they came.</param>
    /// <param name="more">Headers to set beside those that stay.</param>
    public static BasicProperties Again(IReadOnlyBasicProperties properties, params (string Name, object? Value)[] more)
    {
        var again = new BasicProperties(properties) { Persistent = true, Expiration = null };
        var headers = Headers(properties)
            .Where(h => !IsNote(h.Key))
            .ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
        foreach (var (name, value) in more)
            headers[name] = value;
        again.Headers = headers;
        return again;
    }

    /// <summary>The properties of a message that nobody has sent before.</summary>
    /// <param name="activity">Id of the span that it belongs to; null where there is none.</param>
    public static BasicProperties Fresh(string? activity) =>
        new()
        {
            ContentType = "application/vnd.masstransit+json",
            Persistent = true,
            Headers = activity is null
                ? null
                : new Dictionary<string, object?>(StringComparer.Ordinal) { ["MT-Activity-Id"] = activity },
        };

    /// <summary>The headers; none where the message has none.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Headers(IReadOnlyBasicProperties properties) =>
        properties.Headers ?? Enumerable.Empty<KeyValuePair<string, object?>>();

    private static bool IsNote(string header) =>
        header.StartsWith("MT-Fault-", StringComparison.Ordinal)
        || header.StartsWith("x-death", StringComparison.Ordinal)
        || header.StartsWith("x-first-death-", StringComparison.Ordinal)
        || header.StartsWith("x-last-death-", StringComparison.Ordinal)
        || header is "MT-Reason" or "x-delivery-count";

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        turn.Dispose();
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true })
            return channel;
        await CloseAsync();
        connection = await broker.ConnectAsync("put back", cancellationToken);
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true
        );
        return channel = await connection.CreateChannelAsync(confirmed, cancellationToken);
    }

    private async Task CloseAsync()
    {
        var (oldChannel, oldConnection) = (channel, connection);
        (channel, connection) = (null, null);
        if (oldConnection is null)
            return;
        try
        {
            await oldConnection.AbortAsync(TimeSpan.FromSeconds(1));
        }
        // It is broken already.
        catch (Exception failure) when (failure is not OutOfMemoryException) { }
        oldChannel?.Dispose();
        oldConnection.Dispose();
    }
}
