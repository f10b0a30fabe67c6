using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>A real server that runs into its own limits, or dies.</summary>
public sealed class RealTroubleTests : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        OwnSearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("http.max_content_length=60kb")]
    [InlineData("indexing_pressure.memory.limit=100kb")]
    public async Task Limits_of_a_server_only_slow_writers_down(string limit)
    {
        await using var server = await OwnSearchServer.StartAsync(limit);
        await using var store = await OpenAsync(server);
        var papers = Papers(600);

        var outcomes = await WriteAsync(store, papers.Chunk(150));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await ExportAsync(server));
    }

    [Fact]
    public async Task A_server_that_is_killed_loses_and_doubles_nothing()
    {
        await using var server = await OwnSearchServer.StartAsync();
        await using var store = await OpenAsync(server);
        var (papers, done) = (Papers(2_000), 0);

        var writing = WriteAsync(store, papers.Chunk(10), () => Interlocked.Increment(ref done));
        foreach (var moment in (int[])[5, 90])
        {
            await Eventually.HoldsAsync(() => Volatile.Read(ref done) >= moment, $"{moment} batches written");
            await server.KillAsync();
            Assert.False(writing.IsCompleted);
            await server.StartAgainAsync();
        }
        var outcomes = await writing;

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await ExportAsync(server));
    }

    [Fact]
    public async Task A_circuit_breaker_that_lets_nothing_pass_is_waited_for()
    {
        await using var server = await OwnSearchServer.StartAsync();
        await using var store = await OpenAsync(server);
        var (papers, done) = (Papers(400), 0);

        await WriteAsync(store, papers.Take(100).Chunk(10));
        await LimitMemoryAsync(server, "\"20mb\"");
        var blocked = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteAsync(papers, Token));
        var writing = WriteAsync(store, papers.Skip(100).Chunk(10), () => Interlocked.Increment(ref done));
        await LimitMemoryAsync(server, "null");
        var outcomes = await writing;

        Assert.True(blocked.MayPass);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await ExportAsync(server));
    }

    [Fact]
    public async Task Pressure_that_lets_no_paper_pass_is_waited_for()
    {
        await using var server = await OwnSearchServer.StartAsync("indexing_pressure.memory.limit=1kb");
        await using var store = await OpenAsync(server);
        using var guard = new SinkGuard(TimeProvider.System);
        var papers = Papers(200);

        var writing = WriteAsync(guard, store, papers.Chunk(50));
        await Eventually.HoldsAsync(() => guard.Trouble is not null, "the pressure is noticed");
        await server.KillAsync();
        await server.StartAgainAsync("indexing_pressure.memory.limit=10%");

        Assert.All(await writing, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await ExportAsync(server));
    }

    [Fact]
    public async Task A_paper_that_is_larger_than_requests_may_be_is_refused_alone()
    {
        await using var server = await OwnSearchServer.StartAsync("http.max_content_length=60kb");
        await using var store = await OpenAsync(server);
        var large = Observations.Of("d", 1000, "A long enough title of a large paper", text: new string('x', 60_000));
        Observation[] papers = [.. Papers(20), large, .. Papers(40).Skip(20)];

        var outcomes = await WriteAsync(store, [papers]);

        Assert.Equal(papers.Select(p => p == large), outcomes.Select(o => o.Refusal is not null));
        Assert.Contains(outcomes, o => o.Refusal is "it is too large for the server (413)");
        Assert.Equal(PaperStoreConformance.Expected(papers.Where(p => p != large)), await ExportAsync(server));
    }

    [Fact]
    public async Task A_server_that_hangs_and_comes_back_loses_and_doubles_nothing()
    {
        await using var server = await OwnSearchServer.StartAsync();
        await using var store = await OpenAsync(server);
        using var guard = new SinkGuard(TimeProvider.System);
        var (papers, done) = (Papers(1_000), 0);

        var writing = WriteAsync(guard, store, papers.Chunk(10), () => Interlocked.Increment(ref done));
        foreach (var moment in (int[])[5, 40])
        {
            await Eventually.HoldsAsync(() => Volatile.Read(ref done) >= moment, $"{moment} batches written");
            await server.FreezeAsync();
            await Eventually.HoldsAsync(() => guard.Trouble is not null, "the silence is noticed");
            Assert.False(writing.IsCompleted);
            // What it was asked while it hung it does now, late.
            await server.ThawAsync();
        }

        Assert.All(await writing, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await ExportAsync(server));
    }

    private static async Task LimitMemoryAsync(OwnSearchServer server, string limit)
    {
        using var client = new HttpClient();
        using var content = new StringContent(
            "{\"transient\":{\"indices.breaker.total.limit\":" + limit + "}}",
            Encoding.UTF8,
            "application/json"
        );
        using var answer = await client.PutAsync(new Uri(server.Url, "_cluster/settings"), content, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static Observation[] Papers(int count) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(n =>
                    Observations.Of(
                        "d",
                        n,
                        $"A long enough title about harbour {n}",
                        arxiv: n % 3 == 0 ? $"2501.{n:00000}" : null,
                        text: string.Concat(Enumerable.Repeat($"Abstract {n} of a harbour. ", 40))
                    )
                ),
        ];

    private static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IPaperStore store,
        IEnumerable<Observation[]> batches,
        Action? written = null
    )
    {
        using var guard = new SinkGuard(TimeProvider.System);
        return await WriteAsync(guard, store, batches, written);
    }

    private static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        SinkGuard guard,
        IPaperStore store,
        IEnumerable<Observation[]> batches,
        Action? written = null
    )
    {
        using var turns = new SemaphoreSlim(store.WriteConcurrency);
        var outcomes = await Task.WhenAll(
            batches.Select(async batch =>
            {
                await turns.WaitAsync(Token);
                try
                {
                    return await guard.RunAsync(token => store.WriteAsync(batch, token), Token);
                }
                finally
                {
                    turns.Release();
                    written?.Invoke();
                }
            })
        );
        return [.. outcomes.SelectMany(o => o)];
    }

    // A server that has just started may take its time.
    // What a server has to do after its trouble may take it longer than writers wait.
    private static async Task<IReadOnlyList<string>> ExportAsync(OwnSearchServer server)
    {
        await using var patient = await OpenAsync(server, seconds: 60);
        return await PaperStoreConformance.ExportAsync(patient);
    }

    private static async Task<IPaperStore> OpenAsync(OwnSearchServer server, int seconds = 5)
    {
        using var guard = new SinkGuard(TimeProvider.System);
        var options = new ElasticsearchOptions { Nodes = [server.Url], RequestTimeout = TimeSpan.FromSeconds(seconds) };
        return (
            await guard.RunAsync(
                token => ElasticsearchStore.OpenAsync(options, write: true, TimeProvider.System, token),
                Token
            )
        )!;
    }
}
