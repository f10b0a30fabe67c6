using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>What the index already has of the digests of a batch.</summary>
/// <param name="Known">True when it has something of one of them.</param>
/// <param name="Papers">Papers that hold entries of which the batch is another reading, and that no key may lead to.</param>
internal sealed record EarlierReadings(bool Known, IReadOnlyList<string> Papers);

/// <summary>
/// Remembers by which versions of the parser digests were read. One version reads the same bytes always alike, so only
/// a digest with several versions can have entries whose keys have changed: those are looked up.
/// </summary>
internal sealed class DigestReadings(ElasticsearchSearch search)
{
    private const int Remembered = 20_000;
    private const int PerSearch = 8;

    private readonly ConcurrentDictionary<string, Versions> digests = new(StringComparer.Ordinal);
    private volatile bool refreshed;

    private sealed record Versions(bool Stored, ConcurrentDictionary<int, bool> Seen);

    /// <summary>Looks at the digests of a batch; asks the index at the first sight of each.</summary>
    public async Task<EarlierReadings> LookAsync(IReadOnlyList<Observation> batch, CancellationToken cancellationToken)
    {
        if (digests.Count > Remembered)
            digests.Clear();
        var strange = batch
            .Select(o => o.Entry.Digest)
            .Where(d => !digests.ContainsKey(d))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var some in strange.Chunk(PerSearch))
            await AskAsync(some, cancellationToken);
        var (known, reread) = (false, new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in batch.Select(o => o.Entry))
        {
            // Another batch may have made room meanwhile; then nothing is known, and it is asked again next time.
            if (!digests.TryGetValue(entry.Digest, out var versions))
                continue;
            known |= versions.Stored;
            versions.Seen[entry.ParserVersion] = true;
            if (versions.Seen.Count > 1)
                reread.Add(PaperSource.EntryId(entry));
        }
        var papers = reread.Count == 0 ? [] : await search.HoldersAsync(reread, cancellationToken);
        return new(known || reread.Count > 0, papers);
    }

    private async Task AskAsync(string[] some, CancellationToken cancellationToken)
    {
        // What a process wrote that was killed just now is not searchable yet; what others write now is, in a second.
        if (!refreshed)
            await search.RefreshAsync(cancellationToken);
        refreshed = true;
        var query = new JsonObject
        {
            ["terms"] = new JsonObject
            {
                ["announced"] = new JsonArray([.. some.Select(d => (JsonNode)PaperSource.AnnouncedOnce(d))]),
            },
        };
        var pattern = $"({string.Join('|', some.Select(Regex.Escape))})/[0-9]+";
        var stored = await search.TermsAsync(query, "readings", pattern, cancellationToken);
        foreach (var digest in some)
        {
            var seen = stored
                .Keys.Where(r => r.StartsWith(digest + "/", StringComparison.Ordinal))
                .Select(r => int.Parse(r.AsSpan(digest.Length + 1), CultureInfo.InvariantCulture));
            var versions = new ConcurrentDictionary<int, bool>(seen.Select(v => KeyValuePair.Create(v, true)));
            digests.TryAdd(digest, new(!versions.IsEmpty, versions));
        }
    }
}
