namespace PaperPipeline.Contracts;

/// <summary>
/// An observation: what one entry of one digest says of a paper, as the source wrote it.
/// Its key is (<see cref="Digest"/>, <see cref="Ordinal"/>).
/// </summary>
public sealed record Entry
{
    /// <summary>The digest's identity, see <see cref="DigestFetched.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>Position among the digest's entries, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Version of the parser that read it; between two readings of one entry the newer version wins.</summary>
    public required int ParserVersion { get; init; }

    /// <summary>The source as the shape tells it, such as <c>huggingface-trending</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Title as the source wrote it, white space folded.</summary>
    public required string Title { get; init; }

    /// <summary>Abstract as the source wrote it, white space folded; absent when the source gave none.</summary>
    public string? Abstract { get; init; }

    /// <summary>Authors in source order.</summary>
    public IReadOnlyList<string>? Authors { get; init; }

    /// <summary>Identifiers that the source states for this paper itself, never ones that its text mentions.</summary>
    public Identifiers? Identifiers { get; init; }

    /// <summary>The source's own id for the paper, where it has one that is none of <see cref="Identifiers"/>.</summary>
    public string? OwnId { get; init; }

    /// <summary>Version of the paper, from 1, where the source gives one.</summary>
    public int? PaperVersion { get; init; }

    /// <summary>When the paper was last updated (UTC), where the source says so.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When the paper was first published (UTC), where the source says so.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Versions that the source lists, in source order.</summary>
    public IReadOnlyList<PaperVersion>? Versions { get; init; }

    /// <summary>True where the source says that the paper is withdrawn, false where it says that it is not.</summary>
    public bool? Withdrawn { get; init; }

    /// <summary>What the announcement is, one of <see cref="AnnounceTypes"/>.</summary>
    public string? AnnounceType { get; init; }

    /// <summary>Subject categories as the source names them, such as <c>cs.CL</c>, in source order.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Institutions of the authors, in source order.</summary>
    public IReadOnlyList<string>? Affiliations { get; init; }

    /// <summary>The authors' comments, such as the number of pages.</summary>
    public string? Comments { get; init; }

    /// <summary>Where it was published, such as journal, volume and page.</summary>
    public string? JournalRef { get; init; }

    /// <summary>The paper's licence: its address, or its name where there is none.</summary>
    public string? Licence { get; init; }

    /// <summary>Who submitted the paper to the source.</summary>
    public string? Submitter { get; init; }

    /// <summary>The organisation that the source gives for the paper.</summary>
    public string? Organization { get; init; }

    /// <summary>Links that the source states for this paper, in source order; never ones that its text mentions.</summary>
    public IReadOnlyList<Link>? Links { get; init; }

    /// <summary>The address of the paper's own code, where the source states it.</summary>
    public string? CodeUrl { get; init; }

    /// <summary>The repository of the paper's own code as <c>owner/name</c>, where the source states it.</summary>
    public string? Repository { get; init; }

    /// <summary>Stars of the repository at the time of observation.</summary>
    public int? Stars { get; init; }

    /// <summary>Language of title and abstract as a BCP 47 tag, where the source states it.</summary>
    public string? Language { get; init; }

    /// <summary>What else the source says and somebody may want to read again; it is kept, not searched.</summary>
    public IReadOnlyDictionary<string, string>? Extra { get; init; }

    /// <summary>The day the digest belongs to.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>
    /// When somebody stated <see cref="Day"/> for the digest (UTC); absent when the digest itself gave it.
    /// Between two readings by one parser version the later statement wins.
    /// </summary>
    public DateTimeOffset? DayStatedAt { get; init; }

    /// <summary>Rank within the digest, from 1, where the order means something.</summary>
    public int? Rank { get; init; }

    /// <summary>Votes at the time of observation.</summary>
    public int? Upvotes { get; init; }

    /// <summary>When it was observed: the retrieval time of the digest (UTC).</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Trace id of the retrieval, 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }
}

/// <summary>A version of a paper.</summary>
public sealed record PaperVersion
{
    /// <summary>Its number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>When it was submitted (UTC), where known.</summary>
    public DateTimeOffset? Date { get; init; }
}

/// <summary>What an announcement can be, in arXiv's words.</summary>
public static class AnnounceTypes
{
    /// <summary>A new paper.</summary>
    public const string New = "new";

    /// <summary>A new paper of another category, listed here too.</summary>
    public const string Cross = "cross";

    /// <summary>A new version of a paper.</summary>
    public const string Replace = "replace";

    /// <summary>A new version of a paper of another category, listed here too.</summary>
    public const string ReplaceCross = "replace-cross";
}

/// <summary>Identifiers of a paper in normal form.</summary>
public sealed record Identifiers
{
    /// <summary>arXiv id without version, such as <c>2410.24164</c> or <c>hep-th/9901001</c>.</summary>
    public string? Arxiv { get; init; }

    /// <summary>DOI in lower case, without address.</summary>
    public string? Doi { get; init; }

    /// <summary>OpenReview forum id.</summary>
    public string? Openreview { get; init; }
}
