using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index;

/// <summary>Makes the document of a paper from its observations. Pure, and independent of their order.</summary>
public static class Projection
{
    // Better-kept metadata wins; a source that is not listed is weakest.
    private static readonly Dictionary<string, int> SourceRank = new(StringComparer.Ordinal)
    {
        ["arxiv"] = 3,
        ["huggingface"] = 2,
        ["huggingface-trending"] = 1,
    };

    /// <summary>Projects a group.</summary>
    public static PaperDocument Project(PaperGroup group)
    {
        var winner = group.Observations is [var only]
            ? only
            : group
                .Observations.OrderByDescending(o => o.Enrichment.Abstract is not null)
                .ThenByDescending(o => SourceRank.GetValueOrDefault(o.Entry.Source))
                .ThenByDescending(o => o.Entry.PaperVersion ?? 0)
                .ThenByDescending(o => o.Entry.UpdatedAt ?? DateTimeOffset.MinValue)
                .ThenByDescending(o => o.Entry.ObservedAt)
                .ThenBy(PaperJson.WriteContent, StringComparer.Ordinal)
                .First();
        var (entry, enrichment) = (winner.Entry, winner.Enrichment);
        var entries = group.Observations.Select(o => o.Entry).ToList();
        return new PaperDocument
        {
            Id = group.Id,
            Title = enrichment.Title,
            Abstract = enrichment.Abstract,
            Original = new OriginalText(entry.Title, entry.Abstract),
            Authors = group
                .Observations.Where(o => o.Entry.Authors is { Count: > 0 })
                .OrderByDescending(o => o == winner)
                .ThenByDescending(o => SourceRank.GetValueOrDefault(o.Entry.Source))
                .ThenByDescending(o => o.Entry.ObservedAt)
                .ThenBy(PaperJson.WriteContent, StringComparer.Ordinal)
                .FirstOrDefault()
                ?.Entry.Authors,
            Identifiers = Identify(group.Observations),
            UpdatedAt = entries.Max(e => e.UpdatedAt),
            Name = enrichment.Name,
            Links = enrichment.Links is { Count: > 0 } ? enrichment.Links : null,
            CodeUrl = enrichment.Links?.FirstOrDefault(l => l.Kind == "code")?.Url,
            Sightings = Sight(entries),
            FirstSeenAt = entries.Min(e => e.ObservedAt),
            LastSeenAt = entries.Max(e => e.ObservedAt),
            State = enrichment.Abstract is null ? "awaiting abstract" : "full",
            Enrichment = new EnrichmentState(
                enrichment.Version,
                enrichment.Missing is { Count: > 0 } ? enrichment.Missing : null
            ),
            TraceId = entry.TraceId,
        };
    }

    private static Identifiers? Identify(IReadOnlyList<Observation> observations)
    {
        var stated = observations.Select(Keys.Identifiers).OfType<Identifiers>().ToList();
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
