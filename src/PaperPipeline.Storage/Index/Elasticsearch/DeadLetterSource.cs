using System.Text.Json.Serialization;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>A dead letter as it is indexed: what is charted, and what was said.</summary>
internal sealed record DeadLetterSource
{
    private const int LongestReason = 8000;

    public required string Id { get; init; }

    public required string Digest { get; init; }

    public int? Ordinal { get; init; }

    public string? Position { get; init; }

    /// <summary>True where the digest as a whole failed.</summary>
    public required bool Whole { get; init; }

    public required string Stage { get; init; }

    public required string Reason { get; init; }

    public string? Excerpt { get; init; }

    public required string TraceId { get; init; }

    public required int Attempts { get; init; }

    public required int ParserVersion { get; init; }

    public required DateTimeOffset RejectedAt { get; init; }

    /// <summary>How far it had come when it was given back; absent where it never was.</summary>
    public RetriedMark? Retried { get; init; }

    /// <summary>What was said, whole.</summary>
    public required EntryRejected Rejected { get; init; }

    /// <summary>The shape of the digest, where it was recognised.</summary>
    public string? Shape { get; init; }

    /// <summary>True where a person has dismissed it.</summary>
    public bool? Dismissed { get; init; }

    /// <summary>True while nobody has given it back since it failed.</summary>
    [JsonIgnore]
    public bool IsUnanswered => RetriedMark.Of(Rejected).Exceeds(Retried);

    /// <summary>True while nobody has given it back or dismissed it since it failed.</summary>
    [JsonPropertyName("open")]
    public bool IsOpen => IsUnanswered && Dismissed is not true;

    public static DeadLetterSource Of(EntryRejected rejected) =>
        new()
        {
            Id = DeadLetter.IdOf(rejected),
            Digest = rejected.Digest,
            Ordinal = rejected.Ordinal,
            Position = rejected.Position,
            Whole = DeadLetter.IsWhole(rejected),
            Stage = rejected.Stage,
            Reason = rejected.Reason[..Math.Min(LongestReason, rejected.Reason.Length)],
            Excerpt = rejected.Excerpt,
            TraceId = rejected.TraceId,
            Attempts = rejected.Attempts,
            ParserVersion = rejected.ParserVersion,
            Shape = rejected.Shape,
            RejectedAt = rejected.RejectedAt,
            Rejected = rejected,
        };
}

/// <summary>The state of a letter, in the order in which it can only grow.</summary>
internal sealed record RetriedMark(int ParserVersion, int Attempts)
{
    public static RetriedMark Of(EntryRejected rejected) => new(rejected.ParserVersion, rejected.Attempts);

    public bool Exceeds(RetriedMark? other) =>
        other is null || (ParserVersion, Attempts).CompareTo((other.ParserVersion, other.Attempts)) > 0;
}
