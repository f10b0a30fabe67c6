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

    /// <summary>For the side that publishes.</summary>
    public static void Apply(string queue, IRabbitMqQueueConfigurator declared)
    {
        declared.SetQuorumQueue();
        foreach (var (name, value) in Main(queue))
            declared.SetQueueArgument(name, value);
    }

    /// <summary>For the side that consumes, which also makes the queue for what was given up.</summary>
    /// <param name="stage">The stage's queue, whose failed messages the endpoint's are too.</param>
    /// <param name="endpoint">The endpoint of that queue, or of the one for messages taken alone.</param>
    public static void Apply(string stage, IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();
        endpoint.BindDeadLetterQueue(
            QueueNames.Dead(stage),
            QueueNames.Dead(stage),
            dead =>
            {
                dead.SetQuorumQueue();
                dead.SetQueueArgument("x-delivery-limit", NoLimit);
            }
        );
        foreach (var (name, value) in Main(stage))
            endpoint.SetQueueArgument(name, value);
    }

    /// <summary>Makes the queue of a stage, where it is missing.</summary>
    public static Task DeclareAsync(IChannel channel, string stage, CancellationToken cancellationToken) =>
        DeclareAsync(channel, stage, Main(stage), cancellationToken);

    /// <summary>Makes the queues around the queue of a stage, where they are missing.</summary>
    public static async Task DeclareAsync(
        IChannel channel,
        string stage,
        IEnumerable<TimeSpan> delays,
        CancellationToken cancellationToken
    )
    {
        var dead = QueueNames.Dead(stage);
        await channel.ExchangeDeclareAsync(
            dead,
            ExchangeType.Fanout,
            durable: true,
            cancellationToken: cancellationToken
        );
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
