namespace PaperPipeline.Fetcher;

/// <summary>A source could not be read; the message is one line for a person, with what to do.</summary>
public class FetchFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True where another try later may succeed: no answer, an answer that broke off, a server in trouble.</summary>
    public bool MayPass { get; init; }
}

/// <summary>The archive does not take digests (full, or without rights): no source can be fetched until that is mended.</summary>
public sealed class ArchiveUnavailableException(string message, Exception? inner = null)
    : FetchFailedException(message, inner);
