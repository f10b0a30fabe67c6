using System.Text.Json.Nodes;
using CsCheck;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>The same suite on a real server; skipped where ELASTICSEARCH_URL names none.</summary>
public sealed class ElasticsearchStoreTests : PaperStoreConformance, IAsyncLifetime
{
    private readonly SearchServer _server = new();

    protected override int CasesARound => 12;

    protected override StoreDifferences Differences => StoreDifferences.SearchServer;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    protected override Task<IPaperStore> OpenAsync(string name) => OpenAsync(name, SearchServer.Url!);

    private async Task<IPaperStore> OpenAsync(string name, Uri server) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions { Nodes = [server], Prefix = $"{_server.Prefix}{name}-" },
                write: true,
                TimeProvider.System,
                Token
            )
        )!;

    // The process is gone, the server is not: what was acknowledged is there, and nothing is remembered.
    protected override async Task<IPaperStore> KillAsync(IPaperStore store, string name)
    {
        await store.DisposeAsync();
        return await OpenAsync(name);
    }

    [Fact]
    public async Task What_became_of_digests_is_noted_as_it_is_counted_by_whoever_writes_last_and_once()
    {
        await using var store = await OpenAsync("notes");
        await using var other = await OpenAsync("notes");
        string[] digests = ["a", "b", "c"];
        var now = DateTimeOffset.UnixEpoch.AddSeconds(90);
        var written = digests.ToDictionary(digest => digest, _ => now, StringComparer.Ordinal);
        foreach (var digest in digests)
            await store.RecordAsync(Fetched(digest) with { Digest = digest }, Token);
        await store.AddAsync(Letter("parse", null) with { Digest = "b" }, Token);
        await Task.WhenAll(FillAsync(store, 1), FillAsync(other, 2));
        Assert.Equal(
            [("a", "complete", 20, 0, 90), ("b", "failed", 0, 1, 90), ("c", "fetched", 0, 0, null)],
            await NotedAsync()
        );

        // Noted again nothing is written, and who starts afresh notes what is not settled.
        var writes = await WritesAsync();
        await store.NoteAsync(written, now, Token);
        await store.AddAsync(Letter("parse", null) with { Digest = "c" }, Token);
        await other.NoteAsync(null, now.AddSeconds(30), Token);

        Assert.Equal(writes + 1, await WritesAsync());
        Assert.Equal(("c", "failed", 0, 1, 120), (await NotedAsync())[2]);

        async Task FillAsync(IPaperStore writer, int turn)
        {
            await writer.RecordAsync(Parsed(20, 0) with { Digest = "a" }, Token);
            for (var n = turn; n <= 20; n += 2)
            {
                await writer.WriteAsync([Observations.Of("a", n, $"A long enough title with number {n}")], Token);
                var left = written;
                while (left.Count > 0)
                    left = (await writer.NoteAsync(left, now, Token)).ToDictionary(d => d, _ => now);
            }
        }

        async Task<IReadOnlyList<(string, string, int, int, double?)>> NotedAsync()
        {
            await _server.AskAsync(HttpMethod.Post, "notes-papers-ledger/_refresh", null);
            var found = await _server.AskAsync(HttpMethod.Get, "notes-papers-ledger/_search?sort=digest", null);
            return
            [
                .. found!["hits"]!["hits"]!
                    .AsArray()
                    .Select(hit => hit!["_source"]!)
                    .Select(d =>
                        (
                            (string)d["digest"]!,
                            (string)d["state"]!,
                            (int)d["indexed"]!,
                            (int)d["dead"]!,
                            (double?)d["settledSeconds"]
                        )
                    ),
            ];
        }

        // One shard numbers what it writes.
        async Task<int> WritesAsync()
        {
            await _server.AskAsync(HttpMethod.Post, "notes-papers-ledger/_refresh", null);
            var found = await _server.AskAsync(
                HttpMethod.Post,
                "notes-papers-ledger/_search",
                """{"seq_no_primary_term": true}"""
            );
            return found!["hits"]!["hits"]!.AsArray().Max(hit => (int)hit!["_seq_no"]!);
        }
    }

    [Fact]
    public async Task Lost_keys_are_found_with_a_digest_that_leads_to_the_paper_and_come_back_when_one_is_read_again()
    {
        await using var store = await OpenAsync("lost");
        var journal = Observations.Of("a", 1, "Another long title about bridges and tides", doi: "10.1/a");
        var preprint = Observations.Of("b", 1, "A long enough title about lanterns", "2501.00001", "10.1/a");
        await store.WriteAsync([journal, preprint], Token);
        await store.RecordAsync(Parsed(1, 0) with { Digest = "a" }, Token);
        foreach (var key in Keys.Of(journal))
            await _server.AskAsync(HttpMethod.Delete, Document("lost", key.Value), null);

        var lost = await LostAsync();
        await store.RecordAsync(Parsed(1, 0) with { Digest = "a" }, Token);

        Assert.Equal(2, lost.Count);
        Assert.All(lost, key => Assert.Equal("b", key.Digest));
        Assert.Empty(await LostAsync());

        async Task<IReadOnlyList<LostKey>> LostAsync() =>
            await store.FindLostKeysAsync(await store.ListPapersAsync(Token).ToListAsync(Token), Token);
    }

    [Fact]
    public async Task A_paper_that_somebody_has_copied_is_one_again_when_its_digest_is_read_again()
    {
        await using var store = await OpenAsync("copied");
        var paper = Observations.Of("d", 1, "A long enough title about lanterns", "2501.00001");
        await store.WriteAsync([paper], Token);
        await store.RecordAsync(Parsed(1, 0), Token);
        var source = (await _server.AskAsync(HttpMethod.Get, Document("copied", "arxiv:2501.00001"), null))![
            "_source"
        ]!;
        source["id"] = "title:" + new string('f', 32);
        await _server.AskAsync(HttpMethod.Put, Document("copied", (string)source["id"]!), source.ToJsonString());
        Assert.Equal(2, await store.CountAsync(Token));

        await store.RecordAsync(Parsed(1, 0), Token);

        Assert.Equal("arxiv:2501.00001", Assert.Single(await store.ListPapersAsync(Token).ToListAsync(Token)).Id);
        Assert.Equal("complete", (await store.FindAsync("d", Token))!.State);
    }

    private static string Document(string name, string id) =>
        $"{name}-papers-write/_doc/{Uri.EscapeDataString(id)}?refresh=true";

    [Fact]
    public async Task Several_writers_of_the_same_papers_at_once_give_the_documents_of_the_pure_functions()
    {
        var turn = 0;
        await (
            from all in Observations.Digests
            from first in Observations.Arrivals(all)
            from second in Observations.Arrivals(all)
            from third in Observations.Arrivals(all)
            select (all, arrivals: new[] { first, second, third })
        ).SampleAsync(
            async world =>
            {
                var name = $"writers-{Interlocked.Increment(ref turn)}";
                await using var reader = await OpenAsync(name);
                await Task.WhenAll(
                    world.arrivals.Select(async batches =>
                    {
                        await using var store = await OpenAsync(name);
                        foreach (var batch in batches)
                            await store.WriteAsync(batch, Token);
                    })
                );
                Assert.Equal(Expected(world.all), await ExportAsync(reader));
            },
            iter: Cases,
            threads: 1
        );
    }

    [Fact]
    public async Task Several_writers_of_papers_decisions_and_readings_at_once_give_the_documents_of_the_pure_functions()
    {
        var turn = 0;
        await (
            from world in Worlds.Any
            from first in world.Arrivals
            from second in world.Arrivals
            select (world, arrivals: new[] { first, second })
        ).SampleAsync(
            async sample =>
            {
                var name = $"rulers-{Interlocked.Increment(ref turn)}";
                await using var reader = await OpenAsync(name);
                await Task.WhenAll(
                    sample.arrivals.Select(async steps =>
                    {
                        await using var store = await OpenAsync(name);
                        foreach (var step in steps)
                            await TakeAsync(store, step);
                    })
                );
                Assert.Equal(sample.world.Expected, await ExportAsync(reader));
            },
            iter: Cases,
            threads: 1
        );
    }

    [Fact]
    public async Task The_server_makes_the_words_of_what_people_type_that_folding_makes()
    {
        await using var store = await OpenAsync("words");
        var signs = Gen.OneOf(
            Gen.Char['a', 'f'],
            Gen.Char['X', 'Z'],
            Gen.Char["  019'\u2019\u201c\u2014\u20ac\u2026-.,;:()"]
        );
        await Gen.String[signs, 0, 60]
            .SampleAsync(
                async text =>
                    Assert.Equal(
                        await WordsAsync("folded_text", Folding.Fold(text)),
                        await WordsAsync("plain_text", text)
                    ),
                iter: 100,
                threads: 1
            );

        async Task<IEnumerable<string>> WordsAsync(string analyzer, string text)
        {
            var question = new JsonObject { ["analyzer"] = analyzer, ["text"] = text };
            var answer = await _server.AskAsync(
                HttpMethod.Post,
                "words-papers-v0004/_analyze",
                question.ToJsonString()
            );
            return answer!["tokens"]!.AsArray().Select(t => t!["token"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_batch_that_fails_in_the_middle_is_seen_in_part()
    {
        Assert.False(Differences.WritesBatchesWhole);
        await using var reader = await OpenAsync("part");
        // The first bulk only notes that the digest is being read.
        var bulks = 0;
        await using var front = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path => path.Contains("_bulk", StringComparison.Ordinal) && ++bulks > 1 ? Fault.ItemsReadOnly : Fault.None
        );
        await using var store = await OpenAsync("part", front.Address);
        var papers = Enumerable.Range(1, 10).Select(n => Observations.Of("d", n, $"A long enough title, part {n}"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync([.. papers], Token));

        Assert.Equal(5, await reader.CountAsync(Token));
    }

    [Fact]
    public async Task Elasticsearch_is_asked_for_its_documents_in_its_own_way()
    {
        await using var posing = await PosingServer.StartAsync(SearchServer.Url!);
        await using var front = await FaultyServer.StartAsync(new Uri(posing.Address), _ => Fault.None);
        await using var store = await OpenAsync("posing", front.Address);
        var papers = Enumerable
            .Range(1, 250)
            .Select(n => Observations.Of("d", n, $"A long title, posing {n}"))
            .ToList();
        await store.WriteAsync(papers, Token);

        Assert.Equal("elasticsearch", store.Identity.System);
        Assert.Equal(Expected(papers), await ExportAsync(store));
    }

    [Fact]
    public async Task What_was_being_written_while_another_question_was_asked_is_seen_by_the_next()
    {
        const string name = "fresh";
        using var began = new SemaphoreSlim(0);
        var goes = new TaskCompletionSource();
        await (await OpenAsync(name)).DisposeAsync();
        // Nothing becomes visible by itself.
        await _server.ChangeAsync(name, """{"index.refresh_interval": "-1"}""");
        await using var front = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
            {
                if (!path.Contains("_bulk", StringComparison.Ordinal))
                    return Fault.None;
                began.Release();
                goes.Task.Wait(Token);
                return Fault.None;
            }
        );
        await using var store = await OpenAsync(name, front.Address);

        var writing = store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);
        await began.WaitAsync(Token);
        var before = await store.CountAsync(Token);
        goes.SetResult();
        await writing;

        Assert.Equal((0, 1), (before, await store.CountAsync(Token)));
    }
}
