using System.Net;
using System.Net.Sockets;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Several nodes of one cluster, of which one does not do its part.</summary>
public sealed class IndexNodesTests : IAsyncLifetime
{
    private readonly SearchServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_dead_node_is_passed_over() =>
        await AssertWorksAsync(new Uri($"http://127.0.0.1:{SourceServer.ClosedPort()}"));

    [Fact]
    public async Task A_node_that_takes_connections_and_says_nothing_is_passed_over()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        await AssertWorksAsync(new Uri($"http://{silent.LocalEndpoint}"));
    }

    [Theory]
    [InlineData(nameof(Fault.Unavailable))]
    [InlineData(nameof(Fault.BadGateway))]
    [InlineData(nameof(Fault.GatewayTimeout))]
    [InlineData(nameof(Fault.NoJson))]
    [InlineData(nameof(Fault.Endless))]
    public async Task A_node_that_has_lost_its_cluster_is_passed_over(string fault)
    {
        await using var lost = await FaultyServer.StartAsync(SearchServer.Url!, _ => Enum.Parse<Fault>(fault));

        await AssertWorksAsync(lost.Address);
        Assert.True(lost.Faults > 0);
    }

    [Fact]
    public async Task A_node_that_fails_later_is_passed_over()
    {
        var fails = false;
        await using var failing = await FaultyServer.StartAsync(
            SearchServer.Url!,
            _ => Volatile.Read(ref fails) ? Fault.Unavailable : Fault.None
        );
        await using var store = await OpenAsync(failing.Address);
        Volatile.Write(ref fails, true);

        await store.WriteAsync([Observations.Of("d", 1, "A paper by way of the other node")], Token);

        Assert.Equal(1, await store.CountAsync(Token));
        Assert.True(failing.Faults > 0);
    }

    private async Task AssertWorksAsync(Uri bad)
    {
        await using var store = await OpenAsync(bad);
        var papers = Enumerable
            .Range(1, 10)
            .Select(n => Observations.Of("d", n, $"A long title about nodes {n}"))
            .ToList();

        await store.WriteAsync(papers, Token);

        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    private async Task<IPaperStore> OpenAsync(Uri bad) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions
                {
                    Nodes = [bad, SearchServer.Url!],
                    Prefix = _server.Prefix,
                    // Packed requests are taken too.
                    Compress = true,
                    MaxAnswerBytes = 1 << 20,
                },
                write: true,
                TimeProvider.System,
                Token
            )
        )!;
}
