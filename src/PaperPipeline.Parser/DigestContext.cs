namespace PaperPipeline.Parser;

/// <summary>What is known of a digest before it is read.</summary>
public sealed record DigestContext
{
    /// <summary>The digest's identity.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was first retrieved.</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>Trace id of the retrieval.</summary>
    public required string TraceId { get; init; }

    /// <summary>The day somebody stated for the digest; it wins over the digest's own.</summary>
    public DateOnly? StatedDay { get; init; }

    /// <summary>When <see cref="StatedDay"/> was stated.</summary>
    public DateTimeOffset? DayStatedAt { get; init; }
}
