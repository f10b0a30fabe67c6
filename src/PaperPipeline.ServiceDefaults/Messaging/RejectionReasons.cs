namespace PaperPipeline.ServiceDefaults.Messaging;

/// <summary>How the reasons of dead letters begin, but for one. The rest is for a person; by these words a letter's kind is told.</summary>
public static class RejectionReasons
{
    /// <summary>A digest that nobody knows.</summary>
    public const string UnknownShape = "unknown shape: ";

    /// <summary>A mail without anything that somebody knows.</summary>
    public const string UnknownMail = "the mail holds no known digest";

    /// <summary>A digest of which only the beginning was kept.</summary>
    public const string TooLarge = "The digest is larger than ";

    /// <summary>What the reason of a digest says that holds more than is read of one, wherever it says so.</summary>
    public const string Split = "split the digest and ingest the parts";

    /// <summary>An entry that no enricher could do anything with.</summary>
    public const string NotEnriched = "The entry could not be enriched: ";

    /// <summary>A paper that the index does not take.</summary>
    public const string NotIndexed = "The index refused the paper: ";

    /// <summary>What failed in a way that nobody foresaw, or that did not pass.</summary>
    public const string GaveUp = "The stage gave up: ";

    /// <summary>What was under way each time its worker ended.</summary>
    public const string DeliveredTooOften = "It was delivered ";

    /// <summary>What no consumer takes.</summary>
    public const string UnknownMessage = "No consumer is meant for a message of the type ";

    /// <summary>What is no message of ours.</summary>
    public const string UnreadableMessage = "The message could not be read: ";

    /// <summary>A dead letter that the indexer did not survive writing down.</summary>
    public const string Unquotable = "It failed, and what was to be said of it could not be written down: ";
}
