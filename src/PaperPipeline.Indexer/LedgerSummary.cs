using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>The ledger in a few figures.</summary>
/// <param name="Digests">Number of digests by state; each state is there.</param>
/// <param name="Papers">Entries and reported places of the last days' digests.</param>
/// <param name="Oldest">When the oldest digest that is not settled was retrieved; null when all are settled.</param>
internal sealed record LedgerSummary(
    IReadOnlyDictionary<string, long> Digests,
    IReadOnlyList<DayCount> Papers,
    DateTimeOffset? Oldest
)
{
    /// <summary>How many days are told apart: each is a series for every shape.</summary>
    public const int Days = 7;

    /// <summary>Stands for the shape of a digest that nobody knows.</summary>
    public const string NoShape = "unknown";

    private static readonly string[] States = ["fetched", "indexing", "complete", "partial", "failed"];

    /// <summary>Sums up.</summary>
    /// <param name="ledger">The accounts of all digests.</param>
    /// <param name="today">The day.</param>
    public static LedgerSummary Of(IReadOnlyList<DigestStatus> ledger, DateOnly today)
    {
        var states = States.ToDictionary(state => state, _ => 0L, StringComparer.Ordinal);
        var papers = new Dictionary<(string Shape, DateOnly Day, string State), long>();
        DateTimeOffset? oldest = null;
        foreach (var digest in ledger)
        {
            states[digest.State] = states.GetValueOrDefault(digest.State) + 1;
            if (!digest.IsSettled && (oldest is null || digest.RetrievedAt < oldest))
                oldest = digest.RetrievedAt;
            if (DayOf(digest) is not { } day || day <= today.AddDays(-Days) || day > today.AddDays(1))
                continue;
            Count("indexed", digest.Indexed);
            Count("dead", digest.Open);
            Count("dismissed", digest.Dismissed);
            Count("missing", Math.Max(0, (digest.Expected ?? 0) - digest.Indexed - digest.Dead));

            void Count(string state, int count)
            {
                var key = (digest.Shape ?? NoShape, day, state);
                papers[key] = papers.GetValueOrDefault(key) + count;
            }
        }
        return new(
            states,
            [
                .. papers
                    .Select(p => new DayCount(p.Key.Shape, p.Key.Day, p.Key.State, p.Value))
                    .OrderBy(p => (p.Day, p.Shape, p.State)),
            ],
            oldest
        );
    }

    /// <summary>How long the oldest digest that is not settled has waited.</summary>
    public TimeSpan Age(DateTimeOffset now) => Oldest is { } since && now > since ? now - since : TimeSpan.Zero;

    // A digest without a day of its own is that of the day on which it came.
    private static DateOnly? DayOf(DigestStatus digest) =>
        digest.Day ?? (digest.RetrievedAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null);
}

/// <summary>How many entries and reported places of a shape's digests of one day are <c>indexed</c>, <c>dead</c>, <c>dismissed</c> or <c>missing</c>.</summary>
internal sealed record DayCount(string Shape, DateOnly Day, string State, long Count);
