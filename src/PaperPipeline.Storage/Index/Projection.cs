using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index;

/// <summary>Makes the document of a paper from its observations. Pure, and independent of their order.</summary>
public static class Projection
{
    // Better-kept metadata wins; a source that is not listed is weakest.
    private static readonly Dictionary<string, int> SourceRank = new(StringComparer.Ordinal)
    {
        ["arxiv"] = 6,
        ["huggingface"] = 5,
        ["semanticscholar"] = 4,
        ["openalex"] = 3,
        ["crossref"] = 2,
        ["huggingface-trending"] = 1,
    };

    /// <summary>Projects a group.</summary>
    public static PaperDocument Project(PaperGroup group)
    {
        var ranked = Ranked(group.Observations);
        // It gives title, abstract and all that was computed from them.
        var winner = ranked.Find(o => o.CleanAbstract is not null) ?? ranked[0];
        var enrichment = winner.Enrichment;
        var entries = ranked.ConvertAll(o => o.Entry);
        var links = Unite(entries, enrichment.Links);
        var code = First(entries, e => e.CodeUrl) ?? enrichment.Links?.FirstOrDefault(l => l.Kind == "code")?.Url;
        return new PaperDocument
        {
            Id = group.Id,
            Title = winner.CleanTitle,
            Abstract = winner.CleanAbstract,
            Original = new OriginalText(winner.Entry.Title, winner.Entry.Abstract),
            Authors = entries.Prepend(winner.Entry).FirstOrDefault(e => e.Authors is { Count: > 0 })?.Authors,
            Affiliations = Union(entries, e => e.Affiliations),
            Identifiers = Identify(group.Observations),
            Categories = Union(entries, e => e.Categories),
            PublishedAt = entries.Min(e => e.PublishedAt),
            UpdatedAt = entries.Max(e => e.UpdatedAt),
            Versions = Versions(entries),
            // What changes with time: the newest statement counts; equal ones are told apart by their rank.
            Withdrawn = entries
                .Where(e => e.Withdrawn is not null)
                .MaxBy(e => (e.PaperVersion ?? 0, Announced(e), e.ObservedAt))
                ?.Withdrawn,
            AnnounceType = entries
                .Where(e => e.AnnounceType is not null)
                .MaxBy(e => (Announced(e), e.ObservedAt))
                ?.AnnounceType,
            Comments = First(entries, e => e.Comments),
            JournalRef = First(entries, e => e.JournalRef),
            Licence = First(entries, e => e.Licence),
            Name = enrichment.Name,
            Links = links,
            CodeUrl = code,
            Repository = First(entries, e => e.Repository) ?? Repositories.NameOf(code),
            // They are those of the moment, whatever day the digest is of.
            Stars = entries.Where(e => e.Stars is not null).MaxBy(e => e.ObservedAt)?.Stars,
            Organization = First(entries, e => e.Organization),
            Submitter = First(entries, e => e.Submitter),
            Language = First(entries, e => e.Language),
            Sightings = Sight(entries),
            FirstSeenAt = entries.Min(e => e.ObservedAt),
            LastSeenAt = entries.Max(e => e.ObservedAt),
            State = winner.CleanAbstract is null ? "awaiting abstract" : "full",
            Enrichment = new EnrichmentState(
                enrichment.Version,
                enrichment.Missing is { Count: > 0 } ? enrichment.Missing : null
            ),
            TraceId = winner.Entry.TraceId,
            Extra = Extra(entries),
        };
    }

    // Of everything that sources state in one value, the first one that has it counts.
    private static List<Observation> Ranked(IReadOnlyList<Observation> observations) =>
        observations is [var only]
            ? [only]
            :
            [
                .. observations
                    .OrderByDescending(o => SourceRank.GetValueOrDefault(o.Entry.Source))
                    .ThenByDescending(o => o.Entry.PaperVersion ?? 0)
                    .ThenByDescending(o => o.Entry.UpdatedAt ?? DateTimeOffset.MinValue)
                    .ThenByDescending(o => Announced(o.Entry))
                    .ThenByDescending(o => o.Entry.ObservedAt)
                    .ThenBy(PaperJson.WriteContent, StringComparer.Ordinal),
            ];

    private static string? First(List<Entry> ranked, Func<Entry, string?> value) =>
        ranked.Select(value).FirstOrDefault(v => v is { Length: > 0 });

    // Who reads old digests after new ones, or all of them again, gets the same documents.
    private static DateOnly Announced(Entry entry) => entry.Day ?? DateOnly.FromDateTime(entry.ObservedAt.UtcDateTime);

    // Few papers have such a list.
    private static List<string>? Union(List<Entry> entries, Func<Entry, IReadOnlyList<string>?> values) =>
        entries.Exists(e => values(e) is { Count: > 0 })
            ?
            [
                .. entries
                    .SelectMany(e => values(e) ?? [])
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]
            : null;

    // A version's date is the earliest that was stated for it.
    private static List<PaperVersion>? Versions(List<Entry> entries) =>
        entries.Exists(e => e.PaperVersion is > 0 || e.Versions is { Count: > 0 })
            ?
            [
                .. entries
                    .SelectMany(e => e.Versions ?? [])
                    .Concat(
                        entries
                            .Where(e => e.PaperVersion is > 0)
                            .Select(e => new PaperVersion { Version = e.PaperVersion!.Value })
                    )
                    .GroupBy(v => v.Version)
                    .OrderBy(g => g.Key)
                    .Select(g => new PaperVersion { Version = g.Key, Date = g.Min(v => v.Date) }),
            ]
            : null;

    // Links that a source stated for the paper, each address with the kind that the better source gives it, and those that
    // title and abstract name.
    private static List<Link>? Unite(List<Entry> ranked, IReadOnlyList<Link>? mentioned) =>
        mentioned is { Count: > 0 } || ranked.Exists(e => e.Links is { Count: > 0 })
            ?
            [
                .. ranked
                    .SelectMany(e => e.Links ?? [])
                    .Concat(mentioned ?? [])
                    .DistinctBy(l => l.Url, StringComparer.Ordinal)
                    .OrderBy(l => l.Url, StringComparer.Ordinal),
            ]
            : null;

    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    private static SortedDictionary<string, string>? Extra(List<Entry> ranked)
    {
        if (!ranked.Exists(e => e.Extra is { Count: > 0 }))
            return null;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ranked.SelectMany(e => e.Extra ?? Nothing))
            all.TryAdd(name, value);
        return all;
    }

    private static Identifiers? Identify(IReadOnlyList<Observation> observations)
    {
        var stated = observations.Select(Keys.Identifiers).OfType<Identifiers>().ToList();
        if (stated.Count == 0)
            return null;
        var found = new Identifiers
        {
            Arxiv = Smallest(i => i.Arxiv),
            Doi = Smallest(i => i.Doi),
            Openreview = Smallest(i => i.Openreview),
        };
        return found == new Identifiers() ? null : found;

        string? Smallest(Func<Identifiers, string?> id) =>
            stated.Select(id).Where(i => i is not null).Min(StringComparer.Ordinal);
    }

    private static List<Sighting> Sight(List<Entry> entries) =>
        [
            .. entries
                .GroupBy(e => (e.Source, Where: e.Day is { } day ? $"{day:yyyy-MM-dd}" : e.Digest))
                .Select(g =>
                    g.OrderByDescending(e => e.ObservedAt)
                        .ThenBy(e => e.Digest, StringComparer.Ordinal)
                        .ThenBy(e => e.Ordinal)
                        .First()
                )
                .OrderBy(e => e.Source, StringComparer.Ordinal)
                .ThenBy(e => e.Day)
                .ThenBy(e => e.Digest, StringComparer.Ordinal)
                .Select(e => new Sighting
                {
                    Digest = e.Digest,
                    Ordinal = e.Ordinal,
                    Source = e.Source,
                    Day = e.Day,
                    Rank = e.Rank,
                    Upvotes = e.Upvotes,
                    ObservedAt = e.ObservedAt,
                }),
        ];
}
