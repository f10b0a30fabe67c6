using PaperPipeline.Contracts;
using PaperPipeline.Parser.Feeds;

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

    /// <summary>The media type that the source stated, with its charset.</summary>
    public string? MediaType { get; init; }

    /// <summary>The address that it was retrieved from, where it was one.</summary>
    public string? Address => FeedAddress.IsWeb(Name) ? Name : null;

    /// <summary>The file or address that it was first retrieved from; the day in it counts where nothing else states one.</summary>
    public string? Name { get; init; }

    /// <summary>The day somebody stated for the digest; it wins over the digest's own.</summary>
    public DateOnly? StatedDay { get; init; }

    /// <summary>When <see cref="StatedDay"/> was stated.</summary>
    public DateTimeOffset? DayStatedAt { get; init; }

    /// <summary>When the mail that holds this part was sent.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Subject of the mail that holds this part.</summary>
    public string? Subject { get; init; }

    /// <summary>How many digests lie around this part.</summary>
    public int Depth { get; init; }

    /// <summary>The day from which days without a year are seen.</summary>
    public DateOnly Seen => DateOnly.FromDateTime((SentAt ?? RetrievedAt).UtcDateTime);

    /// <summary>An entry of this digest, for a shape to fill with what it has found; its ordinal is given later.</summary>
    /// <param name="source">The source, such as <c>arxiv</c>.</param>
    /// <param name="title">Title as the source wrote it.</param>
    public Entry Entry(string source, string title) =>
        new()
        {
            Digest = Digest,
            Ordinal = 0,
            ParserVersion = DigestParser.Version,
            Source = source,
            Title = title,
            ObservedAt = RetrievedAt,
            TraceId = TraceId,
        };
}
