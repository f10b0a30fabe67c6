using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Whatever the index does, papers arrive once, and none is refused that it could take.</summary>
public sealed class SinkTroubleTests(ITestOutputHelper output) : IAsyncLifetime
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
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Faults_of_every_kind_lose_double_and_refuse_nothing(int run)
    {
        var random = new Random(Seeds.New(output).Next() ^ run);
        var kinds = Enum.GetValues<Fault>()
            .Where(f => f is not (Fault.None or Fault.TooLarge or Fault.NoAnswer))
            .ToArray();
        // At the start some of them are a refusal.
        var opened = false;
        await using var store = await OpenAsync($"faults-{run}");
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            _ =>
            {
                lock (random)
                    return Volatile.Read(ref opened) && random.NextDouble() < 0.15
                        ? kinds[random.Next(kinds.Length)]
                        : Fault.None;
            }
        );
        await using var troubled = await OpenBehindAsync($"faults-{run}", faulty);
        Volatile.Write(ref opened, true);
        var papers = Papers(120);

        var outcomes = await WriteAsync(troubled, papers.Concat(papers.Take(40)).Chunk(10));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.True(faulty.Faults > 2, $"only {faulty.Faults} faults");
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    public static TheoryData<string> Troubles =>
        [.. Enum.GetNames<Fault>().Except([nameof(Fault.None), nameof(Fault.TooLarge), nameof(Fault.PartMissing)])];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Trouble_that_lasts_is_waited_for(string name)
    {
        var (fault, left) = (Enum.Parse<Fault>(name), 3);
        await using var store = await OpenAsync("lasts-" + name.ToLowerInvariant());
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path => path.Contains("_bulk", StringComparison.Ordinal) && left-- > 0 ? fault : Fault.None
        );
        await using var troubled = await OpenBehindAsync("lasts-" + name.ToLowerInvariant(), faulty);
        var papers = Papers(20);

        var outcomes = await WriteAsync(troubled, [papers]);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(3, faulty.Faults);
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Theory]
    [InlineData(nameof(Fault.DiskFull), 1)]
    [InlineData(nameof(Fault.BadRequest), 1)]
    [InlineData(nameof(Fault.Unauthorized), 1)]
    [InlineData(nameof(Fault.Forbidden), 1)]
    [InlineData(nameof(Fault.NotAcceptable), 1)]
    [InlineData(nameof(Fault.NoIndex), 1)]
    [InlineData(nameof(Fault.ItemsForbidden), 1)]
    [InlineData(nameof(Fault.ItemsReadOnly), 1)]
    [InlineData(nameof(Fault.ItemsDiskFull), 1)]
    [InlineData(nameof(Fault.ItemsWithoutIndex), 1)]
    [InlineData(nameof(Fault.TooManyRequests), 5)]
    [InlineData(nameof(Fault.Breaker), 5)]
    [InlineData(nameof(Fault.Unavailable), 5)]
    [InlineData(nameof(Fault.BadGateway), 5)]
    [InlineData(nameof(Fault.GatewayTimeout), 5)]
    [InlineData(nameof(Fault.ItemsRejected), 5)]
    [InlineData(nameof(Fault.ItemsBroken), 5)]
    [InlineData(nameof(Fault.ItemsUnavailable), 5)]
    [InlineData(nameof(Fault.ItemsFailed), 5)]
    [InlineData(nameof(Fault.MissingItem), 5)]
    [InlineData(nameof(Fault.OddItem), 5)]
    [InlineData(nameof(Fault.OddAnswer), 5)]
    public async Task What_only_a_person_ends_is_tried_once_and_what_may_pass_a_few_times(string fault, int requests)
    {
        var name = "tried-" + fault.ToLowerInvariant();
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path => path.Contains("_bulk", StringComparison.Ordinal) ? Enum.Parse<Fault>(fault) : Fault.None
        );
        await using var troubled = await OpenOnceAsync(name, faulty.Address, Patient, Token);

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => troubled.WriteAsync(Papers(1), Token));

        Assert.True(trouble.MayPass);
        Assert.DoesNotContain('\n', trouble.Message);
        Assert.Equal(requests, faulty.Faults);
    }

    [Fact]
    public async Task A_read_that_succeeds_but_for_a_part_is_trouble()
    {
        const string name = "part-of-mget";
        var fails = true;
        await using var store = await OpenAsync(name);
        var papers = Papers(20);
        await store.WriteAsync(papers[..10], Token);
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                path.Contains("/_mget", StringComparison.Ordinal) && Volatile.Read(ref fails)
                    ? Fault.PartMissing
                    : Fault.None
        );
        await using var troubled = await OpenBehindAsync(name, faulty);

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => troubled.WriteAsync(papers, Token));
        Volatile.Write(ref fails, false);
        await troubled.WriteAsync(papers, Token);

        Assert.True(trouble.MayPass);
        Assert.Contains("made up", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Fact]
    public async Task A_search_that_an_overloaded_server_turns_away_is_made_again()
    {
        var left = 3;
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                path.Contains("/_search", StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0
                    ? Fault.Breaker
                    : Fault.None
        );
        await using var troubled = await OpenOnceAsync("turned-away", faulty.Address, Patient, Token);
        await troubled.WriteAsync(Papers(20), Token);

        var found = await troubled.SearchAsync("title", 5, Token);

        Assert.Equal((20, 3), (found.Total, faulty.Faults));
    }

    [Fact]
    public async Task A_refresh_of_a_part_is_no_refresh()
    {
        var fails = true;
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                path.Contains("/_refresh", StringComparison.Ordinal) && Volatile.Read(ref fails)
                    ? Fault.PartMissing
                    : Fault.None
        );
        await using var troubled = await OpenOnceAsync("part-of-refresh", faulty.Address, Patient, Token);
        await troubled.WriteAsync(Papers(20), Token);

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => troubled.CountAsync(Token));
        Volatile.Write(ref fails, false);

        Assert.True(trouble.MayPass);
        Assert.Contains("a part of it could not be refreshed", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(20, await troubled.CountAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_that_something_breaks_off_because_they_are_too_large_are_made_smaller(bool says)
    {
        var name = says ? "broken-off-and-said" : "broken-off";
        await using var store = await OpenAsync(name);
        await using var faulty = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            ReadLimit = 200_000,
            Says = says,
        }.ListenAsync(null);
        await using var troubled = await OpenBehindAsync(name, faulty);
        Observation[] papers =
        [
            .. Enumerable
                .Range(1, 80)
                .Select(n => Observations.Of("d", n, $"A long enough title {n}", text: new string('x', 30_000))),
        ];

        var outcomes = await WriteAsync(troubled, [papers]).WaitAsync(TimeSpan.FromMinutes(2), Token);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.True(faulty.Faults > 1, $"only {faulty.Faults} requests were too large");
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Fact]
    public async Task Requests_that_are_too_large_are_halved_until_they_fit()
    {
        await using var store = await OpenAsync("large");
        var sizes = 0;
        await using var faulty = await FaultyServer.StartAsync(
            SearchServer.Url!,
            path => path.Contains("_bulk", StringComparison.Ordinal) && ++sizes <= 3 ? Fault.TooLarge : Fault.None
        );
        await using var troubled = await OpenBehindAsync("large", faulty);
        var papers = Papers(64);

        var outcomes = await WriteAsync(troubled, [papers]);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(PaperStoreConformance.Expected(papers), await PaperStoreConformance.ExportAsync(store));
    }

    [Fact]
    public async Task A_document_that_is_too_large_alone_is_refused_alone()
    {
        await using var store = await OpenAsync("alone");
        // Notes and questions are smaller than any paper.
        await using var faulty = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            LargestBulk = 600,
        }.ListenAsync(null);
        await using var troubled = await OpenBehindAsync("alone", faulty);

        var outcomes = await WriteAsync(troubled, [Papers(3)]);

        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Refusal));
        Assert.Equal(0, await store.CountAsync(Token));
    }

    [Fact]
    public async Task An_answer_without_end_is_left_before_it_fills_the_memory()
    {
        using var flood = new Flood();

        var endless = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            OpenOnceAsync("endless", flood.Address, Patient, Token)
        );

        Assert.Contains("the answer is larger than 1 MiB", endless.Message, StringComparison.Ordinal);
        // What is still on its way is in the buffers of the connection.
        Assert.InRange(flood.LongestAnswer, 1 << 20, 64 << 20);
    }

    [Theory]
    [InlineData(nameof(Fault.Redirected), "it redirects to http://elsewhere.example/. Give the address itself")]
    [InlineData(nameof(Fault.NoIndex), "made up (404)")]
    [InlineData(nameof(Fault.BadRequest), "made up (400)")]
    [InlineData(nameof(Fault.NotAcceptable), "made up (406)")]
    [InlineData(nameof(Fault.OddAnswer), "is neither Elasticsearch nor OpenSearch")]
    [InlineData(nameof(Fault.WrongPacking), "Cannot reach the index")]
    public async Task A_server_that_refuses_at_the_start_is_one_line(string fault, string reason)
    {
        await using var faulty = await FaultyServer.StartAsync(SearchServer.Url!, _ => Enum.Parse<Fault>(fault));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            OpenOnceAsync("start", faulty.Address, Patient, Token)
        );

        Assert.True(failure is StoreUnavailableException or StoreRefusedException, failure.ToString());
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_document_larger_than_all_the_memory_that_a_server_has_is_refused_alone()
    {
        const int memory = 4_000;
        await using var store = await OpenAsync("memory");
        await using var faulty = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            MemoryLimit = memory,
        }.ListenAsync(null);
        await using var troubled = await OpenBehindAsync("memory", faulty);
        var huge = Observations.Of("d", 4, "A long title of a huge paper", text: new string('x', memory));
        Observation[] papers = [.. Papers(3), huge, .. Papers(9).Skip(4)];

        var outcomes = await WriteAsync(troubled, [papers]);

        Assert.Equal(papers.Select(p => p == huge), outcomes.Select(o => o.Refusal is not null));
        Assert.True(faulty.Faults > 4, $"only {faulty.Faults} requests were too large");
        Assert.Equal(
            PaperStoreConformance.Expected(papers.Where(p => p != huge)),
            await PaperStoreConformance.ExportAsync(store)
        );
    }

    [Fact]
    public async Task Memory_that_nothing_fits_into_refuses_nothing()
    {
        await using var store = await OpenAsync("no-memory");
        await using var faulty = await new FaultyServer(SearchServer.Url!, _ => Fault.None)
        {
            MemoryLimit = 10,
        }.ListenAsync(null);
        await using var troubled = await OpenBehindAsync("no-memory", faulty);

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => troubled.WriteAsync(Papers(3), Token));

        Assert.True(trouble.MayPass);
        Assert.Contains("it is overloaded (circuit_breaking_exception", trouble.Message, StringComparison.Ordinal);
    }

    private static Observation[] Papers(int count) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(n =>
                    Observations.Of(
                        "d",
                        n,
                        $"A long enough title about lantern {n % 90}",
                        arxiv: n % 3 == 0 ? $"2501.{n % 90:00000}" : null,
                        text: $"Abstract {n}."
                    )
                ),
        ];

    // As the indexer does it: writes are held while the index is in trouble.
    private static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IPaperStore store,
        IEnumerable<Observation[]> batches
    )
    {
        using var guard = new SinkGuard(TimeProvider.System);
        var outcomes = await Task.WhenAll(
            batches.Select(batch => guard.RunAsync(token => store.WriteAsync(batch, token), Token))
        );
        return [.. outcomes.SelectMany(o => o)];
    }

    private ElasticsearchOptions Options(string name) =>
        new() { Nodes = [SearchServer.Url!], Prefix = $"{_server.Prefix}{name}-" };

    private async Task<IPaperStore> OpenAsync(string name) =>
        (await ElasticsearchStore.OpenAsync(Options(name), write: true, TimeProvider.System, Token))!;

    private async Task<IPaperStore> OpenBehindAsync(string name, FaultyServer server)
    {
        using var guard = new SinkGuard(TimeProvider.System);
        return await guard.RunAsync(
            token => OpenOnceAsync(name, server.Address, TimeSpan.FromSeconds(2), token),
            Token
        );
    }

    // A request that times out on a busy machine is no fault of the test's.
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(40);

    private async Task<IPaperStore> OpenOnceAsync(
        string name,
        Uri server,
        TimeSpan requestTimeout,
        CancellationToken cancellationToken
    )
    {
        var options = Options(name) with
        {
            Nodes = [server],
            RequestTimeout = requestTimeout,
            MaxAnswerBytes = 1 << 20,
        };
        return (await ElasticsearchStore.OpenAsync(options, write: true, TimeProvider.System, cancellationToken))!;
    }
}
