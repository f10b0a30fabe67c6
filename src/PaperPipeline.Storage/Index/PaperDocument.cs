using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>The document of a paper, members in the order of export; what is unknown is absent.</summary>
public record PaperDocument
{
    /// <summary>Strongest, then ordinally smallest key: <c>arxiv:…</c>, <c>doi:…</c>, <c>title:…</c> or <c>entry:…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Clean title.</summary>
    public required string Title { get; init; }

    /// <summary>Clean abstract.</summary>
    public string? Abstract { get; init; }

    /// <summary>Title and abstract as the source wrote them; the index lacks it where they are clean.</summary>
    public OriginalText? Original { get; init; }

    /// <summary>Authors in source order.</summary>
    public IReadOnlyList<string>? Authors { get; init; }

    /// <summary>Institutions of the authors, ordered ordinally.</summary>
    public IReadOnlyList<string>? Affiliations { get; init; }

    /// <summary>Identifiers that sources stated.</summary>
    public Identifiers? Identifiers { get; init; }

    /// <summary>Subject categories, ordered ordinally.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>When the paper was first published (UTC).</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the paper was last updated (UTC).</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Known versions, by number.</summary>
    public IReadOnlyList<PaperVersion>? Versions { get; init; }

    /// <summary>True when the newest statement says that it is withdrawn.</summary>
    public bool? Withdrawn { get; init; }

    /// <summary>What the newest announcement was, one of <see cref="AnnounceTypes"/>.</summary>
    public string? AnnounceType { get; init; }

    /// <summary>The authors' comments.</summary>
    public string? Comments { get; init; }

    /// <summary>Where it was published.</summary>
    public string? JournalRef { get; init; }

    /// <summary>Its licence: an address, or a name.</summary>
    public string? Licence { get; init; }

    /// <summary>The system's own name.</summary>
    public string? Name { get; init; }

    /// <summary>Links, ordered ordinally by address.</summary>
    public IReadOnlyList<Link>? Links { get; init; }

    /// <summary>The code's address that a source stated; else the first link of kind code.</summary>
    public string? CodeUrl { get; init; }

    /// <summary>The code's repository, <c>owner/name</c>.</summary>
    public string? Repository { get; init; }

    /// <summary>Stars of the repository, as last observed.</summary>
    public int? Stars { get; init; }

    /// <summary>The organisation that a source gave.</summary>
    public string? Organization { get; init; }

    /// <summary>Who submitted it.</summary>
    public string? Submitter { get; init; }

    /// <summary>Language of title and abstract, a BCP 47 tag.</summary>
    public string? Language { get; init; }

    /// <summary>Where the paper was announced, one for each source and day.</summary>
    public required IReadOnlyList<Sighting> Sightings { get; init; }

    /// <summary>Earliest observation (UTC).</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>Latest observation (UTC).</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary><c>full</c>, or <c>awaiting abstract</c>.</summary>
    public required string State { get; init; }

    /// <summary>Which enrichers ran.</summary>
    public required EnrichmentState Enrichment { get; init; }

    /// <summary>Trace id of the retrieval that title and abstract come from.</summary>
    public required string TraceId { get; init; }

    /// <summary>What else sources said, names ordered ordinally; it is not searched.</summary>
    public IReadOnlyDictionary<string, string>? Extra { get; init; }
}

/// <summary>Title and abstract as the source wrote them, white space folded.</summary>
public sealed record OriginalText(string Title, string? Abstract);

/// <summary>Version of the enrichers, and those that failed.</summary>
public sealed record EnrichmentState(int Version, IReadOnlyList<string>? Missing);

/// <summary>One announcement of the paper.</summary>
public sealed record Sighting
{
    /// <summary>The digest.</summary>
    public required string Digest { get; init; }

    /// <summary>Position in it, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>The digest's day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Rank, from 1.</summary>
    public int? Rank { get; init; }

    /// <summary>Votes at that time.</summary>
    public int? Upvotes { get; init; }

    /// <summary>When it was observed (UTC).</summary>
    public required DateTimeOffset ObservedAt { get; init; }
}
