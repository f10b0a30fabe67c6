using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Questions to the index: what a person looks for, what is exported, what is counted.</summary>
internal sealed class ElasticsearchSearch(ElasticsearchTransport transport, IndexNames names)
{
    private const int Page = 200;
    private const int Buckets = 10_000;
    private const int TellingWords = 25;
    private const string EntryDigest = "observations.entry.digest";
    private const string EntryOrdinal = "observations.entry.ordinal";

    /// <summary>Makes what was written searchable.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(
            HttpMethod.Post,
            $"{names.Write},{names.Ledger},{names.DeadLetters}/_refresh",
            cancellationToken
        );
        // It succeeds also where only some of the indices were refreshed.
        if (answer.Require("a refresh").Read(body => body.GetProperty("_shards").GetProperty("failed").GetInt32()) > 0)
            throw ElasticsearchAnswer.Trouble(503, new("", "a part of it could not be refreshed"), "a refresh");
    }

    /// <summary>Finds papers: all words, or any of them where no paper has them all.</summary>
    public async Task<SearchAnswer> FindAsync(string query, int limit, CancellationToken cancellationToken)
    {
        var terms = QueryTerm.Of(query);
        if (terms.Count == 0)
            return new(query, 0, []);
        var answer = await FindAsync(query, terms, all: true, limit, cancellationToken);
        return answer.Total > 0 ? answer : await FindAsync(query, terms, all: false, limit, cancellationToken);
    }

    /// <summary>
    /// The ids of papers that have the words of a title and an abstract which fewest have, those first that have most.
    /// </summary>
    public async Task<IReadOnlyList<string>> AlikeAsync(
        string title,
        string? text,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var any = new JsonArray(Telling("search.title", title));
        if (text is not null)
            any.Add(Telling("search.abstract", text));
        var request = new JsonObject
        {
            ["size"] = limit,
            ["track_total_hits"] = false,
            ["_source"] = new JsonArray("id"),
            ["query"] = new JsonObject { ["bool"] = new JsonObject { ["should"] = any } },
            ["sort"] = new JsonArray("_score", new JsonObject { ["id"] = "asc" }),
        };
        using var answer = await AskAsync(names.Read + "/", request, cancellationToken);
        return answer.Read<IReadOnlyList<string>>(body =>
            [.. body.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(IdOf)]
        );
    }

    // Of all words those count that fewest papers have. What no other paper has says nothing of others.
    private static JsonObject Telling(string field, string text) =>
        new()
        {
            ["more_like_this"] = new JsonObject
            {
                ["fields"] = new JsonArray(field),
                ["like"] = new JsonArray(Folding.Fold(text)),
                ["analyzer"] = "folded_text",
                ["min_term_freq"] = 1,
                ["min_doc_freq"] = 2,
                ["max_query_terms"] = TellingWords,
                ["minimum_should_match"] = "20%",
            },
        };

    /// <summary>The number of papers.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        using var answer = await transport.SendAsync(HttpMethod.Get, names.Read + "/_count", cancellationToken);
        return answer.Require("reads").Read(body => body.GetProperty("count").GetInt64());
    }

    /// <summary>How many papers match, by the values of a keyword that match a pattern.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TermsAsync(
        JsonObject query,
        string field,
        string pattern,
        CancellationToken cancellationToken
    )
    {
        var terms = new JsonObject
        {
            ["field"] = field,
            ["include"] = pattern,
            ["size"] = Buckets,
        };
        using var answer = await AskAsync(
            names.Read + "/",
            new JsonObject
            {
                ["size"] = 0,
                ["query"] = query,
                ["aggs"] = new JsonObject { ["values"] = new JsonObject { ["terms"] = terms } },
            },
            cancellationToken
        );
        return answer.Read(body =>
            body.GetProperty("aggregations")
                .GetProperty("values")
                .GetProperty("buckets")
                .EnumerateArray()
                .ToDictionary(
                    b => b.GetProperty("key").GetString()!,
                    b => b.GetProperty("doc_count").GetInt64(),
                    StringComparer.Ordinal
                )
        );
    }

    /// <summary>The papers that hold those entries that keys name.</summary>
    public async Task<IReadOnlyList<string>> HoldersAsync(
        IReadOnlyCollection<string> keys,
        CancellationToken cancellationToken
    )
    {
        var holders = new List<string>();
        var entries = keys.Where(key => Keys.EntryOf(key) is not null).ToList();
        if (entries.Count == 0)
            return holders;
        await RefreshAsync(cancellationToken);
        foreach (var some in entries.Chunk(Buckets / 2))
        await foreach (var (id, _) in EntriesAsync(some, cancellationToken))
            holders.Add(id);
        return holders;
    }

    /// <summary>The papers that hold some of these entries, by their keys, each with those that it holds.</summary>
    public async IAsyncEnumerable<(string Id, IReadOnlyList<string> Held)> EntriesAsync(
        IReadOnlyCollection<string> entries,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var asked = entries.ToHashSet(StringComparer.Ordinal);
        var query = Terms("entries", entries.Select(e => (JsonNode)TextNumber.Of(e)));
        var found = PagesAsync(names.Read, query, "id", ["id", EntryDigest, EntryOrdinal], Holder, cancellationToken);
        await foreach (var paper in found)
            if (paper.Held.Count > 0)
                yield return paper;

        (string Id, IReadOnlyList<string> Held) Holder(JsonElement hit) =>
            (
                IdOf(hit),
                [
                    .. hit.GetProperty("_source")
                        .GetProperty("observations")
                        .EnumerateArray()
                        .Select(o => o.GetProperty("entry"))
                        .Select(e =>
                            Keys.OfEntry(e.GetProperty("digest").GetString()!, e.GetProperty("ordinal").GetInt32())
                        )
                        .Where(asked.Contains),
                ]
            );
    }

    /// <summary>The id of a paper that was found.</summary>
    private static string IdOf(JsonElement hit) => hit.GetProperty("_source").GetProperty("id").GetString()!;

    // What GroupOf reads.
    private static readonly IReadOnlyList<string> GroupMembers = ["id", .. DocumentText.Members];

    /// <summary>A paper that was found, with its observations.</summary>
    private static PaperGroup GroupOf(JsonElement hit) =>
        new(IdOf(hit), DocumentText.ReadObservations(hit.GetProperty("_source")));

    /// <summary>The papers that a digest names, ordered by id.</summary>
    public IAsyncEnumerable<PaperGroup> AnnouncedAsync(string digest, CancellationToken cancellationToken) =>
        PagesAsync(
            names.Read,
            Terms("announced", [PaperSource.AnnouncedOnce(digest)]),
            "id",
            GroupMembers,
            GroupOf,
            cancellationToken
        );

    /// <summary>All papers as of one moment, ordered by id.</summary>
    public async IAsyncEnumerable<PaperGroup> PapersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var moment = await PointInTime.OpenAsync(transport, names.Read, cancellationToken);
        var all = Terms("kind", [PaperSource.Paper]);
        await foreach (var paper in PagesAsync("", moment, all, "id", GroupMembers, GroupOf, cancellationToken))
            yield return paper;
    }

    /// <summary>All documents for a query, ordered by a keyword that each has only once.</summary>
    /// <param name="alias">Where they are.</param>
    /// <param name="query">Which they are.</param>
    /// <param name="key">The keyword.</param>
    /// <param name="members">What is fetched of each.</param>
    /// <param name="read">Reads one.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public IAsyncEnumerable<T> PagesAsync<T>(
        string alias,
        JsonObject query,
        string key,
        IReadOnlyList<string> members,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken
    ) => PagesAsync(alias + "/", null, query, key, members, read, cancellationToken);

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string path,
        PointInTime? moment,
        JsonObject query,
        string key,
        IReadOnlyList<string> members,
        Func<JsonElement, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (size, after) = (Page, (string?)null);
        while (true)
        {
            var request = new JsonObject
            {
                ["size"] = size,
                ["query"] = query.DeepClone(),
                ["_source"] = new JsonArray([.. members]),
                ["sort"] = new JsonArray(new JsonObject { [key] = "asc" }),
                ["track_total_hits"] = false,
                ["seq_no_primary_term"] = true,
            };
            if (after is not null)
                request["search_after"] = new JsonArray(after);
            if (moment is not null)
                request["pit"] = moment.Reference;
            List<T> page;
            try
            {
                using var answer = await AskAsync(path, request, cancellationToken);
                (page, after) = answer.Read(body =>
                {
                    var hits = body.GetProperty("hits").GetProperty("hits").EnumerateArray().ToList();
                    var last = hits is [.., var final] ? final.GetProperty("sort")[0].GetString() : null;
                    return (hits.ConvertAll(hit => read(hit)), last);
                });
            }
            catch (StoreUnavailableException large) when (large.TooLarge && size > 1)
            {
                size /= 2;
                continue;
            }
            foreach (var each in page)
                yield return each;
            if (page.Count < size)
                yield break;
        }
    }

    /// <summary>A query for any of the values of a keyword.</summary>
    public static JsonObject Terms(string field, IEnumerable<string> values) =>
        Terms(field, values.Select(v => (JsonNode)v));

    private static JsonObject Terms(string field, IEnumerable<JsonNode> values) =>
        new() { ["terms"] = new JsonObject { [field] = new JsonArray([.. values]) } };

    private async Task<SearchAnswer> FindAsync(
        string query,
        IReadOnlyList<QueryTerm> terms,
        bool all,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var whole = TextNumber.Of(Folding.Fold(query));
        var request = new JsonObject
        {
            ["size"] = limit,
            ["track_total_hits"] = true,
            ["_source"] = new JsonArray("id", "title"),
            ["query"] = new JsonObject
            {
                ["bool"] = new JsonObject
                {
                    ["minimum_should_match"] = all ? 0 : 1,
                    ["must"] = all ? new JsonArray([.. terms.Select(Match)]) : new JsonArray(),
                    ["should"] = all
                        ? new JsonArray(
                            Whole("search.titleNumber", whole, 2000),
                            Whole("search.nameNumber", whole, 1000)
                        )
                        : new JsonArray([.. terms.Select(Match)]),
                },
            },
            ["sort"] = new JsonArray("_score", new JsonObject { ["id"] = "asc" }),
        };
        using var answer = await AskAsync(names.Read + "/", request, cancellationToken);
        return answer.Read(body =>
        {
            var hits = body.GetProperty("hits");
            return new SearchAnswer(
                query,
                hits.GetProperty("total").GetProperty("value").GetInt32(),
                [
                    .. hits.GetProperty("hits")
                        .EnumerateArray()
                        .Select(hit => new SearchHit(
                            IdOf(hit),
                            hit.GetProperty("_source").GetProperty("title").GetString()!,
                            hit.GetProperty("_score").GetDouble()
                        )),
                ]
            );
        });
    }

    // Title above name above abstract, as the weights of the SQLite index have it.
    private static JsonObject Match(QueryTerm term) =>
        new()
        {
            ["bool"] = new JsonObject
            {
                ["should"] = new JsonArray(
                    Match(term, "search.title", 10),
                    Match(term, "search.name", 5),
                    Match(term, "search.abstract", 1)
                ),
            },
        };

    // Folded as it is, nothing is left for an analyser to do but to stem it.
    private static JsonObject Match(QueryTerm term, string field, double boost) =>
        new()
        {
            [term.IsPhrase ? "match_phrase" : "match"] = new JsonObject
            {
                [field] = new JsonObject
                {
                    ["query"] = term.Text,
                    ["analyzer"] = "folded_text",
                    ["boost"] = boost,
                },
            },
        };

    // Another title of that number comes first only where it has the words, too.
    private static JsonObject Whole(string field, int number, double boost) =>
        new JsonObject
        {
            ["constant_score"] = new JsonObject
            {
                ["filter"] = new JsonObject { ["term"] = new JsonObject { [field] = number } },
                ["boost"] = boost,
            },
        };

    private async Task<ElasticsearchAnswer> AskAsync(
        string path,
        JsonObject request,
        CancellationToken cancellationToken
    )
    {
        var answer = await transport.SendAsync(
            HttpMethod.Post,
            path + "_search?allow_partial_search_results=false",
            PaperJson.Bytes(request),
            "application/json",
            cancellationToken
        );
        return answer.Require("searches");
    }
}
