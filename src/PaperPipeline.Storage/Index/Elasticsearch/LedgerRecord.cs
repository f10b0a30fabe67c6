using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What was said of a digest. Saying it again, late or in another order gives the same record.</summary>
internal sealed record LedgerRecord
{
    public required string Digest { get; init; }

    public string? Name { get; init; }

    public DateTimeOffset? RetrievedAt { get; init; }

    public string? TraceId { get; init; }

    public DateOnly? Day { get; init; }

    public DateTimeOffset? DayStatedAt { get; init; }

    public string? Shape { get; init; }

    public string? RecognisedBy { get; init; }

    /// <summary>The source of its entries.</summary>
    public string? Source { get; init; }

    public int? Entries { get; init; }

    public int? Reported { get; init; }

    public int? ParserVersion { get; init; }

    public DateTimeOffset? ParsedAt { get; init; }

    /// <summary>True once several versions of the parser have read it.</summary>
    public bool? Reread { get; init; }

    /// <summary>What had become of it when that was counted last, see <see cref="DigestStatus.State"/>; for charts.</summary>
    public string? State { get; init; }

    /// <summary>Entries that were in the index then.</summary>
    public int? Indexed { get; init; }

    /// <summary>Dead letters that there were then.</summary>
    public int? Dead { get; init; }

    /// <summary>When it was settled first, see <see cref="DigestStatus.SettledAt"/>.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Entries and places left over.</summary>
    public int? Expected => Entries + (Reported ?? 0);

    /// <summary>What can be charted of its reading: <c>unread</c>, <c>whole</c>, or <c>partial</c> where places are left over.</summary>
    public string Reading =>
        Entries is null ? "unread"
        : Reported > 0 ? "partial"
        : "whole";

    /// <summary>Seconds from its retrieval to the end of its reading; a later reading does not say how long the first took.</summary>
    public double? ReadSeconds => Reread is true ? null : (ParsedAt - RetrievedAt)?.TotalSeconds;

    /// <summary>Seconds from its retrieval until it was settled first.</summary>
    public double? SettledSeconds => (SettledAt - RetrievedAt)?.TotalSeconds;

    /// <summary>With what is counted of it, and when it was written to last.</summary>
    public LedgerRecord With(DigestStatus counted, DateTimeOffset writtenAt) =>
        this with
        {
            // Where it was settled before that was noted, a later reading or count says nothing of when.
            SettledAt =
                SettledAt ?? (counted.IsSettled && !DigestStatus.IsEnd(State) && Reread is not true ? writtenAt : null),
            State = counted.State,
            Indexed = counted.Indexed,
            Dead = counted.Dead,
        };

    /// <summary>With a retrieval: the earliest, then the ordinally smallest name and trace id count.</summary>
    public LedgerRecord With(DigestFetched fetched)
    {
        var order = RetrievedAt is { } at ? fetched.RetrievedAt.CompareTo(at) : -1;
        if (order == 0)
            order = string.CompareOrdinal(fetched.Name, Name);
        if (order == 0)
            order = string.CompareOrdinal(fetched.TraceId, TraceId);
        return order >= 0
            ? this
            : this with
            {
                // Known from here on, so that who notes what is left finds it, whoever is killed before.
                State = State ?? "fetched",
                Name = fetched.Name,
                RetrievedAt = fetched.RetrievedAt,
                TraceId = fetched.TraceId,
            };
    }

    /// <summary>With a reading: the newest parser, then the day stated last count.</summary>
    public LedgerRecord With(DigestParsed parsed)
    {
        var order = Nullable.Compare(parsed.ParserVersion, ParserVersion);
        if (order == 0)
            order = Nullable.Compare(parsed.DayStatedAt, DayStatedAt);
        if (order == 0)
            order = Nullable.Compare(parsed.Day, Day);
        var reread = ParserVersion is { } version && version != parsed.ParserVersion ? true : Reread;
        return order <= 0
            ? this with
            {
                Reread = reread,
            }
            : this with
            {
                Reread = reread,
                State = "indexing",
                ParsedAt = parsed.ParsedAt,
                Day = parsed.Day,
                DayStatedAt = parsed.DayStatedAt,
                Shape = parsed.Shape,
                RecognisedBy = parsed.RecognisedBy,
                Source = parsed.Source,
                Entries = parsed.Entries,
                Reported = parsed.Reported,
                ParserVersion = parsed.ParserVersion,
            };
    }
}
