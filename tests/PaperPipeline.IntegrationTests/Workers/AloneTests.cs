using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Messages under suspicion are taken one at a time, and a worker that holds one holds nothing else.</summary>
public sealed class AloneTests(SharedBroker broker) : IAsyncLifetime
{
    private const string Many = "paperpipeline-fetch";
    private const string Alone = "paperpipeline-fetch_alone";

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _together = new();
    private readonly SemaphoreSlim _answers = new(0);

    private TestPipeline? _pipeline;
    private SourceServer? _source;

    private TestPipeline Pipeline => _pipeline!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _pipeline = new TestPipeline(await broker.NewHostAsync());
        _source = await SourceServer.StartAsync(AnswerAsync);
        // Once started, a worker leaves its queues; that of the messages under suspicion it may make after it is ready.
        await Pipeline.StartReadyAsync("Fetcher");
        await Eventually.HoldsAsync(
            async () => (await Pipeline.Host.QueuesAsync()).Any(queue => queue.Name == Alone),
            "there is a queue of the messages under suspicion"
        );
        await Pipeline.StopAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        if (_pipeline is not null)
            await _pipeline.DisposeAsync();
        _answers.Dispose();
    }

    [Fact]
    public async Task What_waits_to_be_taken_alone_is_not_blamed_for_a_message_that_kills_the_worker()
    {
        await Pipeline.StartAllAsync("Parser", "Enricher", "Indexer");
        await AskAsync(Many, "poison");
        for (var n = 1; n <= 3; n++)
            await AskAsync(Alone, $"alone-{n}");
        Pipeline.Program.Variables["PAPERPIPELINE_FAILPOINT"] = "die:poison";

        var (deaths, fetcher) = (0, Pipeline.Start("Fetcher"));
        await Eventually.HoldsAsync(
            async () =>
            {
                if (fetcher.HasEnded)
                    (deaths, fetcher) = (deaths + 1, Pipeline.Start("Fetcher"));
                // Each takes its time: at least until the worker takes messages wherever it will.
                else if (!_held.IsEmpty && (await fetcher.HealthAsync("ready")).Code == HttpStatusCode.OK)
                    _answers.Release();
                return (await Pipeline.LettersAsync()).Count > 0;
            },
            () => $"there is a dead letter after {deaths} deaths: {fetcher.Log}"
        );
        await Pipeline.SettledAsync(3);

        var letter = Assert.Single(await Pipeline.LettersAsync()).Rejected;
        Assert.Equal(("fetch", AddressOf("poison")), (letter.Stage, letter.Request?.Address));
        Assert.Equal(["/alone-1", "/alone-2", "/alone-3"], _asked);
        await Pipeline.AtRestAsync();
    }

    [Fact]
    public async Task A_worker_finishes_what_it_holds_before_it_takes_messages_alone_and_the_other_way_round()
    {
        var fetcher = await Pipeline.StartReadyAsync("Fetcher");
        await AskAsync(Many, "many-1");
        await AskAsync(Many, "many-2");
        await HoldsAsync("/many-1", "/many-2");

        await AskAsync(Alone, "alone-1");
        await AskAsync(Alone, "alone-2");
        await AskAsync(Many, "many-3");
        await Eventually.HoldsAsync(
            () => fetcher.Log.Contains($"Takes no more from {Many}", StringComparison.Ordinal) || !_together.IsEmpty,
            () => $"it takes no more at a time: {fetcher.Log}"
        );
        Assert.Equal(HttpStatusCode.OK, (await fetcher.HealthAsync("ready")).Code);
        _answers.Release(2);
        await HoldsAsync("/alone-1");
        await fetcher.ReadyAsync();
        var check = await Pipeline.Program.RunAsync("check");
        Assert.DoesNotContain(Many, check.Out + check.Error, StringComparison.Ordinal);
        _answers.Release();
        await HoldsAsync("/alone-2");
        _answers.Release();
        await HoldsAsync("/many-3");
        _answers.Release();
        await Eventually.HoldsAsync(async () => await WaitingAsync("paperpipeline-parse") == 5, "all are announced");

        Assert.Empty(_together);
        Assert.Equal(_asked.Distinct(), _asked);
        await fetcher.ReadyAsync();
        await Pipeline.StopAllAsync();
    }

    [Fact]
    public async Task A_worker_that_is_stopped_finishes_the_message_that_it_has_taken_alone()
    {
        await AskAsync(Many, "many-1");
        await AskAsync(Alone, "alone-1");
        var fetcher = await Pipeline.StartReadyAsync("Fetcher");
        await HoldsAsync("/alone-1");

        var stopping = fetcher.StopAsync();
        await Eventually.HoldsAsync(
            () => fetcher.Log.Contains("shutting down", StringComparison.Ordinal),
            "it begins to stop"
        );
        _answers.Release();
        var run = await stopping;

        Assert.True(run.Code == 0, fetcher.Log);
        Assert.Equal(["/alone-1"], _asked);
        Assert.Equal((1u, 0u), (await WaitingAsync(Many), await WaitingAsync(Alone)));
        Assert.Equal(1u, await WaitingAsync("paperpipeline-parse"));
    }

    [Fact]
    public async Task A_worker_that_is_stopped_gives_back_what_takes_too_long_and_no_delivery_is_counted()
    {
        await AskAsync(Alone, "alone-1");
        var fetcher = await Pipeline.StartReadyAsync("Fetcher");
        await HoldsAsync("/alone-1");

        var run = await fetcher.StopAsync();

        Assert.True(run.Code == 0, fetcher.Log);
        await using var connection = await Pipeline.Host.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var given = await channel.BasicGetAsync(Alone, autoAck: true, Token);
        Assert.NotNull(given);
        object? deliveries = null;
        given.BasicProperties.Headers?.TryGetValue("x-delivery-count", out deliveries);
        Assert.Equal(0L, deliveries ?? 0L);
        Assert.Equal((0u, 0u), (await WaitingAsync(Many), await WaitingAsync(Alone)));
    }

    private string AddressOf(string name) => _source!.At("/" + name);

    private async Task AskAsync(string queue, string name)
    {
        await using var messages = await RawMessages.OpenAsync(Pipeline.Host);
        await messages.PutAsync(queue, "FetchSource", new { address = AddressOf(name) });
    }

    private Task HoldsAsync(params string[] paths) =>
        Eventually.HoldsAsync(
            () => _held.Keys.Order().SequenceEqual(paths),
            () => $"{string.Join(", ", paths)} are in hand; {string.Join(", ", _held.Keys)} are"
        );

    private Task<uint> WaitingAsync(string queue) => Pipeline.Host.WaitingAsync(queue);

    // Answers when the test says so; until then the message that asks is in the worker's hand.
    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _asked.Enqueue(path);
        _held[path] = true;
        if (_held.Keys.Any(held => held.StartsWith("/alone", StringComparison.Ordinal)) && _held.Count > 1)
            _together.Enqueue(string.Join(", ", _held.Keys));
        try
        {
            await _answers.WaitAsync(context.RequestAborted);
        }
        finally
        {
            _held.TryRemove(path, out _);
        }
        await context.Response.WriteAsync(Digests.Page(3, _asked.Count * 10), context.RequestAborted);
    }
}
