using System.Collections.Concurrent;
using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>The spans of the requests that write to a server, by the conventions for clients of databases.</summary>
public sealed class BulkRequestTests : IAsyncLifetime
{
    private readonly SearchServer _server = new();
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public BulkRequestTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("PaperPipeline", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_request_is_a_span_below_its_bulk_with_what_was_answered()
    {
        await using var faulty = await StartAsync(Fault.None, Fault.TooManyRequests, Fault.ResetBefore);
        await using var store = await OpenAsync(faulty);

        var outcomes = await WriteAsync(store, Papers(40));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        var bulk = Assert.Single(Bulks());
        Assert.Equal(ActivityStatusCode.Unset, bulk.Status);
        Assert.Null(bulk.GetTagItem("error.type"));
        // Once because the server put it off, once because it did not answer.
        Assert.Equal(["paperpipeline.retry", "paperpipeline.retry"], bulk.Events.Select(e => e.Name));
        var requests = Requests(bulk);
        // The first request only notes that the digest is being read; it is asked again when all is tried again.
        string?[] answers = ["200", "429", null, .. Enumerable.Repeat("200", requests.Count - 3)];
        Assert.Equal(answers, requests.Select(r => r.GetTagItem("db.response.status_code")));
        Assert.Equal(
            [
                null,
                "429",
                typeof(HttpRequestException).FullName,
                .. Enumerable.Repeat(null as string, requests.Count - 3),
            ],
            requests.Select(r => r.GetTagItem("error.type"))
        );
        Assert.Equal(
            answers.Select(code => code == "200" ? ActivityStatusCode.Unset : ActivityStatusCode.Error),
            requests.Select(r => r.Status)
        );
        // A server that is overloaded is sent smaller requests.
        Assert.Equal(40, requests[1].GetTagItem("db.operation.batch.size"));
        Assert.Equal(1 + 40, requests.Skip(3).Sum(r => (int)r.GetTagItem("db.operation.batch.size")!));
        Assert.All(
            requests,
            request =>
            {
                Assert.Equal(ActivityKind.Client, request.Kind);
                Assert.Equal("bulk", request.GetTagItem("db.operation.name"));
                Assert.Equal(_server.Prefix + "papers-write", request.GetTagItem("db.collection.name"));
                Assert.Equal("POST", request.GetTagItem("http.request.method"));
                Assert.Equal(faulty.Address.Host, request.GetTagItem("server.address"));
                Assert.Equal(faulty.Address.Port, request.GetTagItem("server.port"));
                Assert.Equal(store.Identity.System, request.GetTagItem("db.system.name"));
                Assert.StartsWith(
                    faulty.Address.ToString(),
                    (string)request.GetTagItem("url.full")!,
                    StringComparison.Ordinal
                );
                Assert.DoesNotContain(
                    request.TagObjects,
                    tag => tag.Value is string text && text.Contains("lantern", StringComparison.Ordinal)
                );
            }
        );
    }

    [Fact]
    public async Task A_bulk_that_is_put_off_to_the_end_says_what_went_wrong()
    {
        await using var faulty = await StartAsync([.. Enumerable.Repeat(Fault.Forbidden, 1000)]);
        await using var store = await OpenAsync(faulty);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var writing = WriteAsync(store, Papers(5), stop.Token);
        await Eventually.HoldsAsync(() => _ended.Count(IsRequest) >= 2, "it was tried twice");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        await Eventually.HoldsAsync(() => Bulks().Count > 0, "the bulk has ended");
        var bulk = Assert.Single(Bulks());
        Assert.Equal(ActivityStatusCode.Error, bulk.Status);
        Assert.NotNull(bulk.GetTagItem("error.type"));
        Assert.Contains("paperpipeline.pause", bulk.Events.Select(e => e.Name));
        Assert.Contains("paperpipeline.retry", bulk.Events.Select(e => e.Name));
        Assert.All(Requests(bulk), request => Assert.Equal("403", request.GetTagItem("error.type")));
    }

    [Fact]
    public async Task What_is_said_of_digests_is_written_in_bulks_that_link_to_who_said_it()
    {
        await using var faulty = await StartAsync();
        await using var store = await OpenAsync(faulty);
        using var source = new ActivitySource("PaperPipeline.Test");
        var told = new List<ActivityContext>();
        foreach (var digest in (string[])["a", "b", "c"])
        {
            using var span = source.StartActivity("process");
            told.Add(span!.Context);
            await store.RecordAsync(
                new DigestFetched
                {
                    Digest = digest,
                    Size = 1,
                    Name = digest,
                    RetrievedAt = DateTimeOffset.UnixEpoch,
                    TraceId = span.TraceId.ToHexString(),
                },
                Token
            );
        }

        await Eventually.HoldsAsync(() => Bulks().Sum(b => b.Links.Count()) == 3, "all bulks have ended");
        var bulks = Bulks();
        Assert.All(bulks, bulk => Assert.Equal(default, bulk.ParentSpanId));
        Assert.Equal(told, bulks.SelectMany(bulk => bulk.Links).Select(link => link.Context));
        Assert.All(
            bulks.SelectMany(Requests),
            request => Assert.Equal(_server.Prefix + "papers-ledger", request.GetTagItem("db.collection.name"))
        );
    }

    // The other tests of this process write too, with other prefixes.
    private bool IsRequest(Activity span) =>
        span.OperationName.StartsWith($"bulk {_server.Prefix}", StringComparison.Ordinal);

    private List<Activity> Bulks()
    {
        var parents = _ended.Where(IsRequest).Select(request => request.ParentSpanId).ToHashSet();
        return [.. _ended.Where(span => parents.Contains(span.SpanId))];
    }

    private List<Activity> Requests(Activity bulk) =>
        [.. _ended.Where(span => IsRequest(span) && span.ParentSpanId == bulk.SpanId)];

    private static Observation[] Papers(int count) =>
        [.. Enumerable.Range(1, count).Select(n => Observations.Of("d", n, $"A long enough title about lantern {n}"))];

    private static Task<FaultyServer> StartAsync(params Fault[] faults)
    {
        var next = -1;
        return FaultyServer.StartAsync(
            SearchServer.Url!,
            path =>
                path.Contains("_bulk", StringComparison.Ordinal)
                && Interlocked.Increment(ref next) is var n
                && n < faults.Length
                    ? faults[n]
                    : Fault.None
        );
    }

    private async Task<IPaperStore> OpenAsync(FaultyServer server) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions { Nodes = [server.Address], Prefix = _server.Prefix },
                write: true,
                TimeProvider.System,
                Token
            )
        )!;

    // As the indexer does it.
    private static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(
        IPaperStore store,
        Observation[] papers,
        CancellationToken? stop = null
    )
    {
        using var guard = new SinkGuard(TimeProvider.System);
        using var buffer = new BulkBuffer(store, guard, TimeProvider.System);
        await buffer.StartAsync(stop ?? Token);
        try
        {
            return await buffer.WriteAsync(papers, null, stop ?? Token);
        }
        finally
        {
            await buffer.StopAsync(Token);
        }
    }
}
