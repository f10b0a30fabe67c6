namespace PaperPipeline.Contracts;

/// <summary>Event: a chunk of a digest's entries, at most 50 and at most 256 KiB; a larger entry travels alone.</summary>
public sealed record PapersParsed
{
    /// <summary>The digest's identity, see <see cref="DigestFetched.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The entries, in source order.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }
}
