using System.Text.Json.Nodes;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>A real server whose disk is full, or nearly so: papers wait, and none is refused.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private static readonly HttpClient Client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        OwnSearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_disk_without_a_byte_left_is_waited_for()
    {
        await using var server = await OwnSearchServer.StartOnDiskAsync(
            24,
            "cluster.routing.allocation.disk.threshold_enabled=true"
        );
        await using var store = await OpenAsync(server);
        using var guard = new SinkGuard(TimeProvider.System);
        var papers = Papers(2_500);

        var writing = WriteAsync(guard, store, papers);
        await Eventually.HoldsAsync(() => guard.Trouble is not null, "the disk is full");
        Assert.False(writing.IsCompleted);
        server.Disk.Grow(400);
        // A server gives a shard up after some attempts; a person tells it that there is room.
        await AskAsync(server, HttpMethod.Post, "_cluster/reroute?retry_failed=true");
        var outcomes = await writing;

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Fact]
    public async Task A_server_that_blocks_writes_because_its_disk_is_nearly_full_is_waited_for()
    {
        await using var server = await OwnSearchServer.StartOnDiskAsync(
            100,
            "cluster.routing.allocation.disk.threshold_enabled=true",
            "cluster.info.update.interval=10s"
        );
        await using var store = await OpenAsync(server);
        using var guard = new SinkGuard(TimeProvider.System);
        var papers = Papers(100);
        await WriteAsync(guard, store, papers[..50]);

        server.Disk.Fill(left: 3 << 20);
        await Eventually.HoldsAsync(async () => await IsBlockedAsync(server), "the server notices it");
        var writing = WriteAsync(guard, store, papers[50..]);
        await Eventually.HoldsAsync(() => guard.Trouble is not null, "the block is noticed");
        var trouble = guard.Trouble!.Reason;
        server.Disk.Free();
        var outcomes = await writing;

        Assert.Contains("it is blocked", trouble, StringComparison.Ordinal);
        Assert.Contains("Free disk space", trouble, StringComparison.Ordinal);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    private static async Task<bool> IsBlockedAsync(OwnSearchServer server) =>
        (await AskAsync(server, HttpMethod.Get, "papers-v0004/_settings"))!
            .ToJsonString()
            .Contains("read_only_allow_delete", StringComparison.Ordinal);

    private static async Task<JsonNode?> AskAsync(OwnSearchServer server, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Url, path));
        using var answer = await Client.SendAsync(request, Token);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token));
    }

    // Text that does not pack well.
    private static Observation[] Papers(int count)
    {
        var random = new Random(7);
        return
        [
            .. Enumerable
                .Range(1, count)
                .Select(n =>
                    Observations.Of("d", n, $"A long enough title about disks {n}", text: random.GetHexString(3_000))
                ),
        ];
    }

    private static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        SinkGuard guard,
        IPaperStore store,
        IEnumerable<Observation> papers
    )
    {
        var outcomes = new List<WriteOutcome>();
        foreach (var batch in papers.Chunk(25))
            outcomes.AddRange(await guard.RunAsync(token => store.WriteAsync(batch, token), Token));
        return outcomes;
    }

    // A server that has just started may take its time.
    private static async Task<IPaperStore> OpenAsync(OwnSearchServer server)
    {
        using var guard = new SinkGuard(TimeProvider.System);
        var options = new ElasticsearchOptions { Nodes = [server.Url], RequestTimeout = TimeSpan.FromSeconds(5) };
        return (
            await guard.RunAsync(
                token => ElasticsearchStore.OpenAsync(options, write: true, TimeProvider.System, token),
                Token
            )
        )!;
    }
}
