using MassTransit;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>
/// The arguments of every queue. Publishers and consumers declare the same ones: the broker refuses a queue that is declared
/// again with others.
/// </summary>
internal static class QueueArguments
{
    /// <summary>How often a message may be delivered before it is taken for one that kills its consumer.</summary>
    private const int DeliveryLimit = 20;

    /// <summary>The queue that takes what a queue gave up.</summary>
    public static string Dead(string queue) => queue + "_dead";

    /// <summary>For the side that publishes.</summary>
    public static void Apply(string queue, IRabbitMqQueueConfigurator declared)
    {
        declared.SetQuorumQueue();
        Limit(declared);
        declared.SetQueueArgument("x-dead-letter-exchange", Dead(queue));
    }

    /// <summary>For the side that consumes, which also makes the queue for what was given up.</summary>
    public static void Apply(string queue, IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();
        Limit(endpoint);
        endpoint.BindDeadLetterQueue(Dead(queue), Dead(queue), dead => dead.SetQuorumQueue());
    }

    // Dead-lettering is at least once only where a full queue rejects what is published to it.
    private static void Limit(IRabbitMqQueueConfigurator queue)
    {
        queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        queue.SetQueueArgument("x-overflow", "reject-publish");
    }
}
