namespace PaperPipeline.Contracts;

/// <summary>A message that could not be read or handled, as it lay in its queue: kept so that it can be put back.</summary>
public sealed record FailedMessage
{
    /// <summary>The queue it came from.</summary>
    public required string Queue { get; init; }

    /// <summary>The media type that it stated.</summary>
    public string? ContentType { get; init; }

    /// <summary>Its bytes, in base64.</summary>
    public required string Body { get; init; }
}
