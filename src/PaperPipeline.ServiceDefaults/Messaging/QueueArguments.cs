using MassTransit;
using RabbitMQ.Client;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The arguments of every queue. Publishers and consumers declare the same ones: the broker refuses a queue that is declared
/// again with others.
/// </summary>
internal static class QueueArguments
{
    /// <summary>How often a message may be delivered before it is taken for one that kills its consumer.</summary>
    public const int DeliveryLimit = 10;

    // RabbitMQ 4 has a limit of its own for queues without one, and drops what exceeds it.
    private const int NoLimit = 1_000_000;

    /// <summary>For the bus, on the side that publishes and on that which consumes.</summary>
    /// <param name="stage">The stage's queue, whose failed messages those of the declared queue are too.</param>
    /// <param name="declared">That queue, or the one for messages taken alone.</param>
    public static void Apply(string stage, IRabbitMqQueueConfigurator declared)
    {
        declared.SetQuorumQueue();
        foreach (var (name, value) in Main(stage))
            declared.SetQueueArgument(name, value);
    }

    /// <summary>
    /// Makes the queue of a stage and what leads to it, where they are missing: one after the other, because a broker that
    /// refuses one closes the channel, and the client never wakes who waits for it. Where what it gives up goes a worker of
    /// the stage makes (see below); until then it stays.
    /// </summary>
    public static async Task DeclareStageAsync(IChannel channel, string stage, CancellationToken cancellationToken)
    {
        await DeclareAsync(channel, stage, Main(stage), cancellationToken);
        foreach (var route in Routes.All.Where(route => route.Queue == stage))
        {
            await DeclareExchangeAsync(channel, route.Exchange, cancellationToken);
            await channel.QueueBindAsync(stage, route.Exchange, "", cancellationToken: cancellationToken);
        }
    }

    /// <summary>Makes the queues around the queue of a stage, where they are missing.</summary>
    public static async Task DeclareAroundAsync(
        IChannel channel,
        string stage,
        IEnumerable<TimeSpan> delays,
        CancellationToken cancellationToken
    )
    {
        var dead = QueueNames.Dead(stage);
        await DeclareExchangeAsync(channel, dead, cancellationToken);
        await DeclareAsync(dead, new(StringComparer.Ordinal) { ["x-delivery-limit"] = NoLimit });
        await channel.QueueBindAsync(dead, dead, "", cancellationToken: cancellationToken);
        // The bus gives these the arguments of the queue they belong to.
        foreach (var queue in (string[])[QueueNames.Error(stage), QueueNames.Skipped(stage), QueueNames.Alone(stage)])
            await DeclareAsync(queue, Main(stage));
        foreach (var delay in delays)
            await DeclareAsync(
                QueueNames.Retry(stage, delay),
                new(StringComparer.Ordinal)
                {
                    ["x-message-ttl"] = (long)delay.TotalMilliseconds,
                    ["x-dead-letter-exchange"] = "",
                    ["x-dead-letter-routing-key"] = stage,
                    ["x-dead-letter-strategy"] = "at-least-once",
                    ["x-overflow"] = "reject-publish",
                }
            );

        Task DeclareAsync(string queue, Dictionary<string, object?> arguments) =>
            QueueArguments.DeclareAsync(channel, queue, arguments, cancellationToken);
    }

    private static Task DeclareExchangeAsync(IChannel channel, string exchange, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(
            exchange,
            ExchangeType.Fanout,
            durable: true,
            cancellationToken: cancellationToken
        );

    private static async Task DeclareAsync(
        IChannel channel,
        string queue,
        Dictionary<string, object?> arguments,
        CancellationToken cancellationToken
    )
    {
        arguments["x-queue-type"] = "quorum";
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: cancellationToken
        );
    }

    // Dead-lettering is at least once only where a full queue rejects what is published to it.
    private static Dictionary<string, object?> Main(string stage) =>
        new(StringComparer.Ordinal)
        {
            ["x-delivery-limit"] = DeliveryLimit,
            ["x-dead-letter-exchange"] = QueueNames.Dead(stage),
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
}
