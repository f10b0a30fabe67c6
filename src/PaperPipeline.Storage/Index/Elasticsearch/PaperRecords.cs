using System.Text.Json;
using System.Text.Json.Nodes;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Reads records by key, in real time.</summary>
internal sealed class PaperRecords(ElasticsearchTransport transport, BulkSender bulk, IndexNames names)
{
    /// <summary>As many are read at once.</summary>
    // A record may hold a few fields of the greatest size; an answer must stay far below what fits in memory.
    public const int PerRequest = 200;

    private static readonly string WithContent = $"_source_includes={string.Join(',', DocumentText.Members)},papers";

    /// <summary>
    /// Everything that shares a key with the observations, directly or through others, and what else the seeds name.
    /// Keys that the index does not have are in it too, as absent.
    /// </summary>
    public async Task<Dictionary<string, PaperRecord>> ComponentAsync(
        IReadOnlyList<Observation> batch,
        IEnumerable<string> seeds,
        Rulings rulings,
        CancellationToken cancellationToken
    )
    {
        var records = new Dictionary<string, PaperRecord>(StringComparer.Ordinal);
        var open = rulings
            .KeysOf(batch)
            .Concat(batch.Select(o => Keys.OfEntry(o.Entry)))
            .Concat(seeds)
            .ToHashSet(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var next = new HashSet<string>(StringComparer.Ordinal);
            foreach (var keys in open.Chunk(PerRequest))
            foreach (var record in await ReadAsync(keys, cancellationToken))
            {
                records[record.Key] = record;
                next.UnionWith(record.LeadsTo(rulings));
            }
            next.ExceptWith(records.Keys);
            open = next;
        }
        return records;
    }

    /// <summary>Reads records with their content.</summary>
    public async Task<IReadOnlyList<PaperRecord>> ReadAsync(string[] keys, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await GetAsync(keys, WithContent, cancellationToken);
            return answer.Read<IReadOnlyList<PaperRecord>>(body =>
                [.. Documents(body, keys.Length).Select((document, n) => PaperRecord.Read(keys[n], document))]
            );
        }
        catch (StoreUnavailableException large) when (large.TooLarge && keys.Length > 1)
        {
            var half = keys.Length / 2;
            return
            [
                .. await ReadAsync(keys[..half], cancellationToken),
                .. await ReadAsync(keys[half..], cancellationToken),
            ];
        }
    }

    /// <summary>The papers to which the records lead.</summary>
    public async Task<IReadOnlyList<IReadOnlySet<string>>> PointersAsync(
        string[] keys,
        CancellationToken cancellationToken
    )
    {
        using var answer = await GetAsync(keys, "_source_includes=papers", cancellationToken);
        return answer.Read<IReadOnlyList<IReadOnlySet<string>>>(body =>
            [.. Documents(body, keys.Length).Select((document, n) => PaperRecord.Read(keys[n], document).Papers)]
        );
    }

    /// <summary>The versions of records alone; null for one that the index does not have.</summary>
    public async Task<IReadOnlyList<DocumentVersion?>> VersionsAsync(string[] keys, CancellationToken cancellationToken)
    {
        using var body = new BulkBody();
        foreach (var key in keys)
            body.AddQuestion(PaperRecord.DocumentId(key), null);
        var results = await bulk.SendAsync(names.Write, body, cancellationToken);
        return
        [
            .. results.Select(
                DocumentVersion? (result) =>
                    result.Fate == BulkFate.Done ? result.Version
                    : result.Fate == BulkFate.Conflict ? null
                    : throw result.Trouble()
            ),
        ];
    }

    private async Task<ElasticsearchAnswer> GetAsync(string[] keys, string query, CancellationToken cancellationToken)
    {
        var ids = new JsonArray([.. keys.Select(k => (JsonNode)PaperRecord.DocumentId(k))]);
        var answer = await transport.SendAsync(
            HttpMethod.Post,
            $"{names.Write}/_mget?{query}",
            PaperJson.Bytes(new JsonObject { ["ids"] = ids }),
            "application/json",
            cancellationToken
        );
        return answer.Require("reads");
    }

    /// <summary>The documents of a multi-get, found or not, in the order in which they were asked for.</summary>
    internal static IEnumerable<JsonElement> Documents(JsonElement answer, int asked)
    {
        var documents = answer.GetProperty("docs");
        if (documents.GetArrayLength() != asked)
            throw new FormatException("a multi-get has another number of documents than were asked for");
        foreach (var document in documents.EnumerateArray())
        {
            // An error for one document is none for a missing one, which only says found: false.
            var error = ServerError.Of(document);
            if (error != new ServerError("", ""))
                throw ElasticsearchAnswer.Trouble(
                    error.Type == "index_not_found_exception" ? 404 : 503,
                    error,
                    "reads"
                );
            yield return document;
        }
    }
}
