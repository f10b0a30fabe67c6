using PaperPipeline.Contracts;

namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>One line of the message table: a message type and the queue that receives it.</summary>
/// <param name="Message">A type of Contracts.</param>
/// <param name="Queue">The receiving queue.</param>
public sealed record Route(Type Message, string Queue);

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
        new(typeof(FetchSource), Fetch),
        new(typeof(DigestFetched), Parse),
        new(typeof(DigestFetched), Index),
        new(typeof(PapersParsed), Enrich),
        new(typeof(PapersEnriched), Index),
        new(typeof(DigestParsed), Index),
        new(typeof(EntryRejected), Index),
    ];
}
