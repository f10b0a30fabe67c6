namespace PaperPipeline.Contracts;

/// <summary>Event: a digest was read to its end; says how much there is to settle.</summary>
public sealed record DigestParsed
{
    /// <summary>The digest's identity, see <see cref="DigestFetched.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>Number of entries (papers as announced, one paper twice counted twice).</summary>
    public required int Entries { get; init; }

    /// <summary>Number of places that belong to no entry, each of them an <see cref="EntryRejected"/>.</summary>
    public required int Reported { get; init; }

    /// <summary>The shape that was recognised, such as <c>huggingface-trending-text</c>.</summary>
    public required string Shape { get; init; }

    /// <summary>What it was recognised by, in one sentence for a person.</summary>
    public string? RecognisedBy { get; init; }

    /// <summary>
    /// The source of its entries, see <see cref="Entry.Source"/>; the most frequent where they have several, absent where
    /// there is no entry.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>The day the digest belongs to, where known.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>
    /// When somebody stated <see cref="Day"/> for the digest (UTC); absent when the digest itself gave it. Of two
    /// readings by one parser version the later statement replaces the earlier.
    /// </summary>
    public DateTimeOffset? DayStatedAt { get; init; }

    /// <summary>Version of the parser; the statement of a newer version replaces an older one's.</summary>
    public required int ParserVersion { get; init; }

    /// <summary>
    /// Its announcement, where it is read again without one: the accounts may have been lost. Absent otherwise.
    /// </summary>
    public DigestFetched? Fetched { get; init; }

    /// <summary>When it was read to its end (UTC).</summary>
    public DateTimeOffset? ParsedAt { get; init; }
}
