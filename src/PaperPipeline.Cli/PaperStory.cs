using System.Text.Json;
using System.Text.Json.Serialization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>What happened to an announcement in one stage.</summary>
/// <param name="Stage">fetch, parse, enrich or index.</param>
/// <param name="Outcome"><c>done</c>, <c>failed</c> or <c>open</c>.</param>
/// <param name="At">When (UTC), where that is known.</param>
/// <param name="Detail">More of it.</param>
internal sealed record StageFate(string Stage, string Outcome, DateTimeOffset? At, string? Detail);

/// <summary>An announcement of a paper.</summary>
/// <param name="Entry">Digest and number, as <c>papers split</c> takes it.</param>
/// <param name="Source">Who announced it.</param>
/// <param name="Day">The digest's day.</param>
/// <param name="Rank">Its rank there.</param>
/// <param name="Upvotes">Votes at that time.</param>
/// <param name="Title">The title that it gives.</param>
/// <param name="Keys">What makes it this paper, decisions included.</param>
/// <param name="Stages">Its fate.</param>
internal sealed record Announcement(
    string Entry,
    string Source,
    DateOnly? Day,
    int? Rank,
    int? Upvotes,
    string Title,
    IReadOnlyList<string> Keys,
    IReadOnlyList<StageFate> Stages
);

/// <summary>All that is known of a paper and where from.</summary>
internal sealed record PaperStory(
    PaperDocument? Paper,
    IReadOnlyList<Announcement> Announcements,
    IReadOnlyList<DecisionMade> Decisions
)
{
    /// <summary>The story of a paper in the index.</summary>
    public static async Task<PaperStory> OfAsync(
        IPaperStore store,
        DigestArchive archive,
        PaperGroup paper,
        CancellationToken cancellationToken
    )
    {
        var digests = paper.Observations.Select(o => o.Entry.Digest).Distinct(StringComparer.Ordinal).ToList();
        var ledger = (await store.FindAsync(digests, cancellationToken)).ToDictionary(
            s => s.Digest,
            StringComparer.Ordinal
        );
        return new(
            Projection.Project(paper),
            [
                .. paper.Observations.Select(o =>
                    Of(
                        o.Entry,
                        [.. PaperPipeline.Storage.Index.Keys.Of(o).Select(k => k.Value)],
                        [
                            .. Before(o.Entry, ledger.GetValueOrDefault(o.Entry.Digest), archive),
                            new("enrich", "done", o.EnrichedAt, Enriched(o.Enrichment)),
                            new("index", "done", o.IndexedAt, null),
                        ]
                    )
                ),
            ],
            (await store.DecisionsAsync(cancellationToken)).Of(paper.Observations)
        );
    }

    /// <summary>The story of an entry that failed, by its name; null when there is none.</summary>
    public static async Task<PaperStory?> OfDeadAsync(
        IPaperStore store,
        DigestArchive archive,
        string name,
        CancellationToken cancellationToken
    )
    {
        name = name.StartsWith("entry:", StringComparison.Ordinal) ? name : "entry:" + name;
        if (PaperPipeline.Storage.Index.Keys.EntryOf(name) is not var (digest, ordinal))
            return null;
        var letters = (await store.ListDeadLettersAsync(cancellationToken))
            .Select(l => l.Rejected)
            .Where(r => r.Ordinal == ordinal && r.Digest.StartsWith(digest, StringComparison.Ordinal))
            .ToList();
        if (letters is not [{ Entry: { } entry } failed, ..])
            return null;
        var status = await store.FindAsync(entry.Digest, cancellationToken);
        var enriched = failed.Stage == "index" ? [new StageFate("enrich", "done", null, null)] : (StageFate[])[];
        return new(
            null,
            [
                Of(
                    entry,
                    [],
                    [
                        .. Before(entry, status, archive),
                        .. enriched,
                        new(failed.Stage, "failed", failed.RejectedAt, failed.Reason),
                    ]
                ),
            ],
            []
        );
    }

    /// <summary>As JSON, in one line.</summary>
    public string Json() => JsonSerializer.Serialize(this, StoryJson.Lines.PaperStory);

    /// <summary>For a person.</summary>
    public void Write(TextWriter output)
    {
        if (Paper is { } paper)
        {
            output.WriteLine($"id         {paper.Id}");
            output.WriteLine($"title      {Text(paper.Title)}");
            if (paper.Authors is { } authors)
                output.WriteLine($"authors    {Text(string.Join(", ", authors))}");
            output.WriteLine($"state      {paper.State}");
            output.WriteLine($"seen       {Time(paper.FirstSeenAt)} to {Time(paper.LastSeenAt)}");
        }
        foreach (var seen in Announcements)
        {
            output.WriteLine();
            output.WriteLine($"announced  {seen.Entry}");
            var day = seen.Day is { } date ? $" of {date:yyyy-MM-dd}" : "";
            var rank = seen.Rank is { } number ? $", rank {number}" : "";
            var votes = seen.Upvotes is { } upvotes ? $", {upvotes} upvotes" : "";
            output.WriteLine($"  by       {seen.Source}{day}{rank}{votes}");
            if (seen.Title != Paper?.Original?.Title)
                output.WriteLine($"  title    {Text(seen.Title)}");
            if (seen.Keys.Count > 0)
                output.WriteLine($"  keys     {string.Join(' ', seen.Keys)}");
            foreach (var fate in seen.Stages)
                output.WriteLine(
                    $"  {fate.Stage, -7}  {fate.Outcome, -6}  {(fate.At is { } at ? Time(at) : "")}  {Text(fate.Detail ?? "")}".TrimEnd()
                );
        }
        if (Decisions.Count > 0)
            output.WriteLine();
        foreach (var made in Decisions)
            output.WriteLine($"decided    {Cli.Decisions.Line(made)}");
    }

    private static Announcement Of(Entry entry, IReadOnlyList<string> keys, IReadOnlyList<StageFate> stages) =>
        new(
            $"{entry.Digest}#{entry.Ordinal}",
            entry.Source,
            entry.Day,
            entry.Rank,
            entry.Upvotes,
            entry.Title,
            keys,
            stages
        );

    private static IEnumerable<StageFate> Before(Entry entry, DigestStatus? status, DigestArchive archive)
    {
        var first = archive.Find(entry.Digest)?.First;
        var name = first?.Name ?? status?.Name;
        yield return new("fetch", "done", first?.RetrievedAt ?? status?.RetrievedAt ?? entry.ObservedAt, name);
        yield return new(
            "parse",
            "done",
            status?.ParserVersion == entry.ParserVersion ? status.ParsedAt : null,
            $"parser {entry.ParserVersion}{(status?.Shape is { } shape ? $", {shape}" : "")}"
        );
    }

    private static string Enriched(Enrichment enrichment) =>
        $"enrichers {enrichment.Version}"
        + (enrichment.Missing is { Count: > 0 } missing ? $", without {string.Join(", ", missing)}" : "");

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}";

    // Text of others must not steer the terminal.
    /// <summary>What a source wrote, on one line of a terminal.</summary>
    public static string Text(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}

[JsonSerializable(typeof(PaperStory))]
internal sealed partial class StoryJson : JsonSerializerContext
{
    /// <summary>As the other lines of JSON are written.</summary>
    public static StoryJson Lines { get; } = new(PaperJson.Options());
}
