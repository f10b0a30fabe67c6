using CsCheck;
using PaperPipeline.Conformance;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>The same suite on a real server; skipped where ELASTICSEARCH_URL names none.</summary>
public sealed class ElasticsearchStoreTests : PaperStoreConformance, IAsyncLifetime
{
    private readonly SearchServer _server = new();

    protected override int Cases => 12;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    protected override async Task<IPaperStore> OpenAsync(string name) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions { Nodes = [SearchServer.Url!], Prefix = $"{_server.Prefix}{name}-" },
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
}
