using System.Diagnostics;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PaperPipeline.Benchmarks;

/// <summary>A virtual host that is the benchmark's own: its raw limits, and what the workers need there.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private const int Window = 64;
    private const string RawQueue = "paperpipeline-raw-limit";
    private static readonly string[] Suffixes =
    [
        "",
        "_alone",
        "_dead",
        "_error",
        "_skipped",
        "_retry_10s",
        "_retry_60s",
        "_retry_300s",
    ];
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly IConnection connection;

    private Broker(IConnection connection) => this.connection = connection;

    /// <summary>Connects.</summary>
    /// <exception cref="InvalidOperationException">Workers have used the virtual host.</exception>
    public static async Task<Broker> ConnectAsync(Uri address)
    {
        var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "paperpipeline-bench" };
        var broker = new Broker(await factory.CreateConnectionAsync());
        foreach (var queue in Routes.Queues)
            if (await broker.LookAsync(queue) is not null)
                throw new InvalidOperationException(
                    $"The queue {queue} is there already. Give the benchmark an empty virtual host."
                );
        return broker;
    }

    /// <summary>Waits until the workers consume every queue.</summary>
    public Task WaitForConsumersAsync(Action check) => WaitAsync(look => look is { ConsumerCount: > 0 }, check);

    /// <summary>Waits until no message is left for the workers.</summary>
    public Task WaitUntilEmptyAsync(Action check) => WaitAsync(look => look is { MessageCount: 0 }, check);

    /// <summary>Asks the fetcher for files.</summary>
    public async Task AskForAsync(IEnumerable<string> paths)
    {
        await using var channel = await ConfirmedAsync();
        var type = typeof(FetchSource);
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = Window },
            async (path, token) =>
            {
                var envelope = new
                {
                    MessageId = Guid.NewGuid(),
                    MessageType = (string[])[$"urn:message:{type.Namespace}:{type.Name}"],
                    Message = new FetchSource { Address = path },
                };
                await PublishAsync(
                    channel,
                    $"{type.Namespace}:{type.Name}",
                    "",
                    "application/vnd.masstransit+json",
                    JsonSerializer.SerializeToUtf8Bytes(envelope, Wire),
                    token
                );
            }
        );
    }

    /// <summary>The bodies of the messages between enricher and indexer, without their envelopes.</summary>
    public static List<byte[]> Bodies(IEnumerable<Observation> observations, int perChunk) =>
        [
            .. observations
                .GroupBy(o => o.Entry.Digest, StringComparer.Ordinal)
                .SelectMany(digest => digest.Chunk(perChunk))
                .Select(chunk => new PapersEnriched { Digest = chunk[0].Entry.Digest, Papers = chunk })
                .Select(message => JsonSerializer.SerializeToUtf8Bytes(message, Wire)),
        ];

    /// <summary>Nothing but publishing, confirmed, to a quorum queue, and then nothing but consuming them.</summary>
    public async Task<(TimeSpan Publish, TimeSpan Consume)> RawAsync(List<byte[]> bodies)
    {
        await using var channel = await ConfirmedAsync();
        await channel.QueueDeclareAsync(
            RawQueue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" }
        );
        try
        {
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(
                bodies,
                new ParallelOptions { MaxDegreeOfParallelism = Window },
                async (body, token) => await PublishAsync(channel, "", RawQueue, "application/json", body, token)
            );
            var published = Stopwatch.GetElapsedTime(started);
            await channel.BasicQosAsync(0, Window, global: false);
            var (left, done) = (bodies.Count, new TaskCompletionSource());
            var consumer = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, delivery) =>
            {
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
                if (--left == 0)
                    done.SetResult();
            };
            started = Stopwatch.GetTimestamp();
            await channel.BasicConsumeAsync(RawQueue, autoAck: false, consumer);
            await done.Task;
            return (published, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            await channel.QueueDeleteAsync(RawQueue);
        }
    }

    /// <summary>Takes off what the workers made.</summary>
    public async Task CleanAsync()
    {
        await using var channel = await connection.CreateChannelAsync();
        foreach (var name in Routes.Queues.SelectMany(queue => Suffixes.Select(suffix => queue + suffix)))
        {
            await channel.QueueDeleteAsync(name);
            await channel.ExchangeDeleteAsync(name);
        }
        foreach (var exchange in Routes.All.Select(r => r.Exchange).Distinct(StringComparer.Ordinal))
            await channel.ExchangeDeleteAsync(exchange);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task WaitAsync(Func<QueueDeclareOk?, bool> isReached, Action check)
    {
        foreach (var queue in Routes.Queues)
            for (var patience = 1200; !isReached(await LookAsync(queue)); patience--)
            {
                check();
                if (patience == 0)
                    throw new TimeoutException($"The queue {queue} is not ready after a minute.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
    }

    private async Task<QueueDeclareOk?> LookAsync(string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }

    private Task<IChannel> ConfirmedAsync() =>
        connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)
        );

    private static ValueTask PublishAsync(
        IChannel channel,
        string exchange,
        string key,
        string mediaType,
        byte[] body,
        CancellationToken cancellationToken
    ) =>
        channel.BasicPublishAsync(
            exchange,
            key,
            mandatory: true,
            new BasicProperties { Persistent = true, ContentType = mediaType },
            body,
            cancellationToken
        );
}
