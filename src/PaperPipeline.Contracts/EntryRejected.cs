namespace PaperPipeline.Contracts;

/// <summary>
/// Event: a digest, a place in it or one of its entries finally failed. It becomes a dead letter.
/// Without <see cref="Ordinal"/> and <see cref="Position"/> the digest failed as a whole, or could not be fetched at all.
/// </summary>
public sealed record EntryRejected
{
    /// <summary>
    /// The digest's identity, see <see cref="DigestFetched.Digest"/>. Where there is none: the SHA-256 of the address that
    /// could not be fetched, or of the message that could not be read, in the same form.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>The entry, where it is one, see <see cref="Entry.Ordinal"/>.</summary>
    public int? Ordinal { get; init; }

    /// <summary>The place in the digest, such as <c>line 12</c>, <c>element 3</c> or <c>part 2, line 5</c>, where it is no entry.</summary>
    public string? Position { get; init; }

    /// <summary>The stage that failed: fetch, parse, enrich or index.</summary>
    public required string Stage { get; init; }

    /// <summary>Why, in one sentence for a person, without stack traces.</summary>
    public required string Reason { get; init; }

    /// <summary>The beginning of what failed, at most 500 characters.</summary>
    public string? Excerpt { get; init; }

    /// <summary>Trace id of the digest's retrieval, 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>How often it was tried; what was given back and failed again has more than before.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Version of the parser whose reading this belongs to; 0 where no parser was involved.</summary>
    public int ParserVersion { get; init; }

    /// <summary>The shape that the digest was recognised as, see <see cref="DigestParsed.Shape"/>.</summary>
    public string? Shape { get; init; }

    /// <summary>When it failed (UTC).</summary>
    public required DateTimeOffset RejectedAt { get; init; }

    /// <summary>The entry itself, where it had been read: enough to run it again.</summary>
    public Entry? Entry { get; init; }

    /// <summary>What was asked for, where a source could not be fetched.</summary>
    public FetchSource? Request { get; init; }

    /// <summary>The message itself, where nothing better is known of it.</summary>
    public FailedMessage? Message { get; init; }
}
