using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// What people do to the index while papers are written to it: papers wait until it can be written to again, and none is
/// refused for it.
/// </summary>
public sealed class ChangedIndexTests : IAsyncLifetime
{
    private readonly SearchServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("read_only")]
    [InlineData("write")]
    [InlineData("read_only_allow_delete")]
    public Task A_blocked_index_is_waited_for(string block) =>
        AssertWaitsAsync(
            block.Replace('_', '-'),
            name => _server.ChangeAsync(name, $$"""{"index.blocks.{{block}}": true}"""),
            name => _server.ChangeAsync(name, $$"""{"index.blocks.{{block}}": null}"""),
            "it is blocked"
        );

    [Fact]
    public Task A_closed_index_is_waited_for() =>
        AssertWaitsAsync(
            "closed",
            name => _server.AskAsync(HttpMethod.Post, name + "-papers-v0004/_close", null),
            name => _server.AskAsync(HttpMethod.Post, name + "-papers-v0004/_open", null),
            "closed"
        );

    [Fact]
    public Task A_pipeline_that_is_not_there_is_waited_for() =>
        AssertWaitsAsync(
            "pipeline",
            name => _server.ChangeAsync(name, """{"index.default_pipeline": "nothing"}"""),
            name => _server.ChangeAsync(name, """{"index.default_pipeline": null}"""),
            "pipeline"
        );

    [Fact]
    public Task An_alias_without_an_index_to_write_to_is_waited_for() =>
        AssertWaitsAsync(
            "reading",
            name => LetWriteAsync(name, false),
            name => LetWriteAsync(name, true),
            "no write index"
        );

    [Fact]
    public async Task An_alias_that_leads_to_a_second_index_too_is_waited_for_when_it_is_read()
    {
        await using var store = await OpenAsync("second");
        var papers = Papers(20);
        var again = Observations.Of("e", 1, "A long enough title about rivers 1", arxiv: "2501.00001");
        await store.WriteAsync(papers[..10], Token);
        await _server.AskAsync(HttpMethod.Put, "second-shop", """{"aliases": {"PREFIXsecond-papers-write": {}}}""");

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync([again], Token));
        await _server.AskAsync(HttpMethod.Delete, "second-shop", null);
        var outcomes = await store.WriteAsync([.. papers[10..], again], Token);

        Assert.True(trouble.MayPass);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(
            PaperStoreConformance.Expected([.. papers, again]),
            await PaperStoreConformance.ExportAsync(store)
        );
    }

    [Fact]
    public async Task An_alias_that_is_taken_away_is_made_again_and_nothing_is_lost()
    {
        await using var store = await OpenAsync("alias");
        var papers = Papers(20);
        await store.WriteAsync(papers[..10], Token);
        await _server.AskAsync(
            HttpMethod.Post,
            "/_aliases",
            """{"actions": [{"remove": {"index": "PREFIXalias-papers-v0004", "alias": "PREFIXalias-papers-write"}}]}"""
        );

        var missing = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(papers[10..], Token));
        await store.WriteAsync(papers[10..], Token);

        Assert.Contains("It is made again", missing.Message, StringComparison.Ordinal);
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Fact]
    public async Task Indices_that_are_deleted_are_made_again_as_they_were()
    {
        await using var store = await OpenAsync("deleted");
        var papers = Papers(20);
        await store.WriteAsync(papers[..10], Token);
        await store.RecordAsync(Fetched, Token);
        await _server.AskAsync(HttpMethod.Delete, "deleted-*", null);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RecordAsync(Fetched, Token));
        await store.RecordAsync(Fetched, Token);
        await store.WriteAsync(papers, Token);

        Assert.NotNull(await store.FindAsync("d", Token));
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
        // With the mapping of ours, which takes nothing else.
        Assert.False(
            await _server.TryAsync(HttpMethod.Put, "deleted-papers-write/_doc/x", """{"surprise": 1}"""),
            "an index without our mapping"
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_makes_deleted_indices_again_where_the_store_is_written_to(bool writes)
    {
        var name = writes ? "asked-by-writer" : "asked-by-reader";
        await using var writer = await OpenAsync(name);
        await writer.RecordAsync(Fetched, Token);
        await using var store = writes ? null : await OpenAsync(name, write: false);
        await _server.AskAsync(HttpMethod.Delete, name + "-*", null);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => (store ?? writer).FindAsync(["d"], Token));

        Assert.Equal(writes, await _server.TryAsync(HttpMethod.Get, name + "-papers-ledger/_mapping", null));
    }

    private static DigestFetched Fetched =>
        new()
        {
            Digest = "d",
            Size = 1,
            Name = "n",
            RetrievedAt = DateTimeOffset.UnixEpoch,
            TraceId = "t",
        };

    private async Task AssertWaitsAsync(string name, Func<string, Task> spoil, Func<string, Task> mend, string reason)
    {
        await using var store = await OpenAsync(name);
        var papers = Papers(20);
        // What is known of the index already is not asked for again.
        await store.WriteAsync(papers[..10], Token);
        await spoil(name);

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(papers[10..], Token));
        await mend(name);
        var outcomes = await store.WriteAsync(papers[10..], Token);

        Assert.True(trouble.MayPass);
        Assert.Contains(reason, trouble.Message, StringComparison.Ordinal);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    private async Task LetWriteAsync(string name, bool write) =>
        await _server.AskAsync(
            HttpMethod.Post,
            "/_aliases",
            """
            {"actions": [{"add": {
                "index": "PREFIXNAME-papers-v0004", "alias": "PREFIXNAME-papers-write", "is_write_index": WRITE}}]}
            """.Replace("NAME", name, StringComparison.Ordinal).Replace(
                "WRITE",
                write ? "true" : "false",
                StringComparison.Ordinal
            )
        );

    private static Observation[] Papers(int count) =>
        [.. Enumerable.Range(1, count).Select(n => Observations.Of("d", n, $"A long enough title about rivers {n}"))];

    private async Task<IPaperStore> OpenAsync(string name, bool write = true) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions { Nodes = [SearchServer.Url!], Prefix = $"{_server.Prefix}{name}-" },
                write,
                TimeProvider.System,
                Token
            )
        )!;
}
