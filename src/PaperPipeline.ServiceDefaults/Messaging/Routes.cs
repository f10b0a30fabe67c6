using MassTransit;
using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>One line of the message table: a message type and the queue that receives it.</summary>
/// <param name="Message">A type of Contracts.</param>
/// <param name="Queue">The receiving queue.</param>
/// <param name="Bind">Lets a publisher make queue and binding before its first message of that type.</param>
public sealed record Route(Type Message, string Queue, Action<IRabbitMqBusFactoryConfigurator> Bind)
{
    internal static Route Of<T>(string queue)
        where T : class =>
        new(
            typeof(T),
            queue,
            bus =>
                bus.Publish<T>(topology =>
                    topology.BindQueue(
                        // The exchange of a message type, as MassTransit names it.
                        $"{typeof(T).Namespace}:{typeof(T).Name}",
                        queue,
                        binding => QueueArguments.Apply(queue, binding)
                    )
                )
        );
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
}
