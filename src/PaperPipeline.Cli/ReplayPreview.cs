using System.Text.Json.Nodes;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Parser;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Cli;

/// <summary>A document that a replay would change.</summary>
/// <param name="Change">added, changed or removed.</param>
/// <param name="Before">The document now; null where there is none.</param>
/// <param name="After">The document then; null where there would be none.</param>
internal sealed record PaperChange(string Change, JsonObject? Before, JsonObject? After)
{
    private const int Widest = 160;

    private JsonObject Document => After ?? Before!;

    // In the order of the document.
    private IEnumerable<string> Fields =>
        After!
            .Select(m => m.Key)
            .Concat(Before!.Select(m => m.Key))
            .Distinct(StringComparer.Ordinal)
            .Where(name => !JsonNode.DeepEquals(Before![name], After![name]));

    /// <summary>As JSON, in one line; of a changed document the fields before and after.</summary>
    public string Json()
    {
        var json = new JsonObject { ["change"] = Change, ["id"] = Document["id"]!.DeepClone() };
        if (Change == "changed")
        {
            var fields = new JsonObject();
            foreach (var name in Fields)
                fields[name] = new JsonObject
                {
                    ["before"] = Before![name]?.DeepClone(),
                    ["after"] = After![name]?.DeepClone(),
                };
            json["fields"] = fields;
        }
        else
            json["paper"] = Document.DeepClone();
        return json.ToJsonString(PaperJson.Options());
    }

    /// <summary>For a person.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{Change, -7}  {Document["id"]}  {Short(Document["title"])}");
        if (Change != "changed")
            return;
        foreach (var name in Fields)
            output.WriteLine($"  {name}: {Short(Before![name])} -> {Short(After![name])}");
    }

    private static string Short(JsonNode? value)
    {
        var text = value?.ToJsonString(PaperJson.Options()) ?? "nothing";
        return text.Length <= Widest ? text : text[..Widest] + "…";
    }
}

/// <summary>
/// Tries a replay on copies of the papers that it concerns: one store keeps them as they are, one takes what is read. What
/// differs then would change.
/// </summary>
internal sealed class ReplayPreview : IAsyncDisposable
{
    private readonly string folder;
    private readonly SqliteStore before;
    private readonly SqliteStore after;
    private readonly EntryEnricher enricher = new();

    private ReplayPreview(string folder)
    {
        this.folder = folder;
        before = SqliteStore.Open(Path.Combine(folder, "before.db"), write: true)!;
        after = SqliteStore.Open(Path.Combine(folder, "after.db"), write: true)!;
    }

    /// <summary>Why digests cannot be read, a line each.</summary>
    public List<string> Unreadable { get; } = [];

    /// <summary>Number of papers that were looked at.</summary>
    public int Papers { get; private set; }

    /// <summary>Makes the stores in a temporary folder, which goes with them.</summary>
    public static ReplayPreview Create() => new(Directory.CreateTempSubdirectory("paperpipeline-replay-").FullName);

    /// <summary>Reads a digest as a replay would.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="store">The index; null when nothing was written to it yet.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task AddAsync(
        DigestFetched digest,
        DigestReader reader,
        IPaperStore? store,
        CancellationToken cancellationToken
    )
    {
        await CopyAnnouncedAsync(digest.Digest, store, cancellationToken);
        try
        {
            foreach (var message in reader.Read(digest))
                switch (message)
                {
                    case PapersParsed chunk:
                        Observation[] papers =
                        [
                            .. chunk.Entries.Select(e => new Observation
                            {
                                Entry = e,
                                Enrichment = enricher.Enrich(e),
                            }),
                        ];
                        if (store is not null)
                            await CopyAsync(await store.FindRelatedAsync(papers, cancellationToken), cancellationToken);
                        await after.WriteAsync(papers, cancellationToken);
                        break;
                    case DigestParsed parsed:
                        await after.RecordAsync(parsed, cancellationToken);
                        break;
                }
        }
        catch (Exception failure) when (reader.Rejected(digest, failure) is { } letter)
        {
            Unreadable.Add($"{digest.Name} cannot be read: {letter.Reason}");
        }
    }

    /// <summary>Takes the decisions: those of the index on both sides, archived ones on the other.</summary>
    public async Task DecideAsync(DigestArchive archive, IPaperStore? store, CancellationToken cancellationToken)
    {
        var known = store is null ? DecisionSet.None : await store.DecisionsAsync(cancellationToken);
        foreach (var decision in known.All.Concat(archive.Decisions()).DistinctBy(d => d.Id, StringComparer.Ordinal))
        {
            foreach (var key in store is null ? [] : new DecisionSet([.. known.All, decision]).KeysOf(decision))
                await CopyAsync(await store!.FindPapersAsync(key, cancellationToken), cancellationToken);
            if (known.Has(decision.Id))
                await before.DecideAsync(decision, cancellationToken);
            await after.DecideAsync(decision, cancellationToken);
        }
    }

    /// <summary>What would change, ordered by id.</summary>
    public async IAsyncEnumerable<PaperChange> ChangesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var olds = before.ExportAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var news = after.ExportAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (old, @new) = (await NextAsync(olds), await NextAsync(news));
        while (old is not null || @new is not null)
        {
            Papers++;
            var order =
                old is null ? 1
                : @new is null ? -1
                : string.CompareOrdinal(old.Id, @new.Id);
            var (was, becomes) = (order <= 0 ? old : null, order >= 0 ? @new : null);
            var change =
                was is null ? "added"
                : becomes is null ? "removed"
                : PaperJson.Write(was) != PaperJson.Write(becomes) ? "changed"
                : null;
            if (change is not null)
                yield return new(change, Node(was), Node(becomes));
            if (order <= 0)
                old = await NextAsync(olds);
            if (order >= 0)
                @new = await NextAsync(news);
        }

        static async Task<PaperDocument?> NextAsync(IAsyncEnumerator<PaperDocument> documents) =>
            await documents.MoveNextAsync() ? documents.Current : null;

        static JsonObject? Node(PaperDocument? document) =>
            document is null ? null : JsonNode.Parse(PaperJson.Write(document))!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        await before.DisposeAsync();
        await after.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task CopyAnnouncedAsync(string digest, IPaperStore? store, CancellationToken cancellationToken)
    {
        if (store is null)
            return;
        var some = new List<PaperGroup>();
        await foreach (var paper in store.FindAnnouncedAsync(digest, cancellationToken))
            some.Add(paper);
        await CopyAsync(some, cancellationToken);
        // What these share keys with may change with them.
        foreach (var papers in some.SelectMany(p => p.Observations).Chunk(200))
            await CopyAsync(await store.FindRelatedAsync(papers, cancellationToken), cancellationToken);
    }

    private async Task CopyAsync(IReadOnlyList<PaperGroup> papers, CancellationToken cancellationToken)
    {
        foreach (var some in papers.SelectMany(p => p.Observations).Chunk(500))
        {
            await before.WriteAsync(some, cancellationToken);
            await after.WriteAsync(some, cancellationToken);
        }
    }
}
