using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>
/// What this process knows of decisions and readings, and whether it still holds. All decisions are one document beside the
/// papers, so that one version tells whether there are others; readings are the ledger's.
/// </summary>
internal sealed class StandingRulings(ElasticsearchTransport transport, BulkSender bulk, IndexNames names)
{
    private const string Document = "decisions";
    private const int Attempts = 50;
    private const int Remembered = 20_000;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Reading> readings = new(StringComparer.Ordinal);
    private DocumentVersion? version;
    private DecisionSet decisions = DecisionSet.None;

    /// <summary>The decisions, as they were last seen.</summary>
    public DecisionSet Decisions
    {
        get
        {
            lock (gate)
                return decisions;
        }
    }

    /// <summary>What rules these digests, as it was last seen.</summary>
    public Rulings For(IReadOnlyList<string> digests)
    {
        var known = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var digest in digests)
            if (readings.TryGetValue(digest, out var reading))
                known[digest] = reading;
        return new(Decisions, known);
    }

    /// <summary>Looks, in real time, what rules these digests.</summary>
    public async Task<Rulings> RefreshAsync(IReadOnlyList<string> digests, CancellationToken cancellationToken) =>
        (await RefreshAsync(digests, [], cancellationToken)).Rulings;

    /// <summary>Looks, in real time, what rules digests, and by how many versions of the parser some were read.</summary>
    /// <param name="digests">Digests whose rulings are asked for.</param>
    /// <param name="noted">Digests whose versions are asked for.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<(Rulings Rulings, IReadOnlyList<int> Versions)> RefreshAsync(
        IReadOnlyList<string> digests,
        IReadOnlyList<string> noted,
        CancellationToken cancellationToken
    )
    {
        var documents = new JsonArray(Ask(names.Write, Document, false));
        foreach (var digest in digests)
            documents.Add(Ask(names.Ledger, digest, new JsonArray("parserVersion", "entries")));
        foreach (var digest in noted)
            documents.Add(Ask(names.Write, DigestReadings.IdOf(digest), new JsonArray("readings")));
        var found = await GetAsync(documents, cancellationToken);
        if (readings.Count > Remembered)
            readings.Clear();
        var seen = new Dictionary<string, Reading>(StringComparer.Ordinal);
        foreach (var (digest, document) in digests.Zip(found.Skip(1)))
            if (
                document.TryGetProperty("_source", out var source)
                && source.TryGetProperty("parserVersion", out var parser)
                && source.TryGetProperty("entries", out var entries)
            )
                readings[digest] = seen[digest] = new(parser.GetInt32(), entries.GetInt32());
            else
                readings.TryRemove(digest, out _);
        List<int> versions =
        [
            .. found
                .Skip(1 + digests.Count)
                .Select(note => note.TryGetProperty("_source", out var source) ? DigestReadings.Read(source).Count : 0),
        ];
        var at = PaperRecord.VersionOf(found[0]);
        lock (gate)
            if (at == version)
                return (new(decisions, seen), versions);
        return (new((await ReadAsync(cancellationToken)).Decisions, seen), versions);
    }

    /// <summary>Adds a decision, durably, and gives all of them.</summary>
    public async Task<DecisionSet> AddAsync(DecisionMade decision, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (known, before) = await ReadAsync(cancellationToken);
            if (known.Has(decision.Id))
                return known;
            var after = known.With(decision);
            using var body = new BulkBody();
            body.Add(Document, before, writer => PaperJson.Write(writer, new DecisionsSource(Document, after.All)));
            var result = (await bulk.SendAsync(names.Write, body, cancellationToken))[0];
            if (result.Fate == BulkFate.Refused)
                throw result.Trouble();
            if (result.Fate != BulkFate.Done)
                continue;
            return Keep(after, result.Version);
        }
        throw ElasticsearchAnswer.Trouble(409, new("", "others decide at the same time"), "decisions");
    }

    private async Task<(DecisionSet Decisions, DocumentVersion? Version)> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await GetAsync([Ask(names.Write, Document, true)], cancellationToken);
        var read = found[0].TryGetProperty("_source", out var source)
            ? new DecisionSet(PaperJson.ReadDecisions(source).Decisions)
            : DecisionSet.None;
        var at = PaperRecord.VersionOf(found[0]);
        return (Keep(read, at), at);
    }

    // What is the same is one object, so that it is seen to be the same.
    private DecisionSet Keep(DecisionSet read, DocumentVersion? at)
    {
        lock (gate)
        {
            if (at != version)
                (decisions, version) = (read, at);
            return decisions;
        }
    }

    private static JsonObject Ask(string index, string id, JsonNode source) =>
        new()
        {
            ["_index"] = index,
            ["_id"] = id,
            ["_source"] = source,
        };

    private async Task<IReadOnlyList<JsonElement>> GetAsync(JsonArray documents, CancellationToken cancellationToken)
    {
        var count = documents.Count;
        using var answer = await transport.SendAsync(
            HttpMethod.Post,
            "_mget",
            PaperJson.Bytes(new JsonObject { ["docs"] = documents }),
            "application/json",
            cancellationToken
        );
        return answer
            .Require("reads")
            .Read<IReadOnlyList<JsonElement>>(body =>
                [.. PaperRecords.Documents(body, count).Select(document => document.Clone())]
            );
    }
}

/// <summary>All decisions, as one document.</summary>
internal sealed record DecisionsSource(string Kind, IReadOnlyCollection<DecisionMade> Decisions);
