namespace PaperPipeline.Contracts;

/// <summary>Event: a chunk of entries with what was computed from them, ready for the index.</summary>
public sealed record PapersEnriched
{
    /// <summary>The digest's identity, see <see cref="DigestFetched.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The observations, in source order.</summary>
    public required IReadOnlyList<Observation> Papers { get; init; }
}
