using MassTransit;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>One line of the message table: a message type and the queue that receives it.</summary>
/// <param name="Message">A type of Contracts.</param>
/// <param name="Queue">The receiving queue.</param>
/// <param name="Exchange">The exchange that the message is published to, as MassTransit names it.</param>
/// <param name="Bind">Lets a publisher make queue and binding before its first message of that type.</param>
public sealed record Route(Type Message, string Queue, string Exchange, Action<IRabbitMqBusFactoryConfigurator> Bind)
{
    internal static Route Of<T>(string queue)
        where T : class
    {
        var exchange = $"{typeof(T).Namespace}:{typeof(T).Name}";
        return new(
            typeof(T),
            queue,
            exchange,
            bus =>
                bus.Publish<T>(topology =>
                    topology.BindQueue(exchange, queue, binding => QueueArguments.Apply(queue, binding))
                )
        );
    }
}

/// <summary>The message table: which message goes to which queue. Publishers and consumer definitions both use it.</summary>
public static class Routes
{
    /// <summary>Queue of the Fetcher.</summary>
    public const string Fetch = "paperpipeline-fetch";

    /// <summary>Queue of the Parser.</summary>
    public const string Parse = "paperpipeline-parse";

    /// <summary>Queue of the Enricher.</summary>
    public const string Enrich = "paperpipeline-enrich";

    /// <summary>Queue of the Indexer: papers and accounts.</summary>
    public const string Index = "paperpipeline-index";

    /// <summary>The table.</summary>
    public static readonly IReadOnlyList<Route> All =
    [
        Route.Of<FetchSource>(Fetch),
        Route.Of<DigestFetched>(Parse),
        Route.Of<DigestFetched>(Index),
        Route.Of<PapersParsed>(Enrich),
        Route.Of<PapersEnriched>(Index),
        Route.Of<DigestParsed>(Index),
        Route.Of<EntryRejected>(Index),
        Route.Of<DeadLetterRetried>(Index),
        Route.Of<DecisionMade>(Index),
    ];

    /// <summary>The queues of the stages.</summary>
    public static readonly IReadOnlyList<string> Queues = [Fetch, Parse, Enrich, Index];
}
