using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Workers that are asked to end while papers flow.</summary>
[Collection("workers")]
public sealed class StoppedWorkersTests(SharedBroker broker, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private TestPipeline? _pipeline;

    private TestPipeline Pipeline => _pipeline!;

    public async ValueTask InitializeAsync() => _pipeline = new TestPipeline(await broker.NewHostAsync());

    public ValueTask DisposeAsync() => _pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_worker_that_is_stopped_finishes_what_it_began_and_nobody_does_it_again()
    {
        var random = Seeds.New(output);
        var workers = (await Pipeline.StartAllAsync()).ToList();
        await using var tap = await MessageTap.OpenAsync(
            Pipeline.Host,
            ["DigestFetched", "PapersParsed", "PapersEnriched", "DigestParsed"]
        );
        var feed = new DigestFeed(Pipeline, 120);

        await feed.WhileAsync(async () =>
        {
            for (var round = 0; round < Seeds.Rounds; round++)
                foreach (var stopped in Enumerable.Range(0, workers.Count).OrderBy(_ => random.Next()).ToList())
                {
                    await feed.ProgressAsync(random.Next(1, 6));
                    var run = await workers[stopped].StopAsync().WaitAsync(Grace);
                    Assert.True(run.Code == 0, $"{workers[stopped].Stage}: {run.Code} {run.Out}{run.Error}");
                    if (workers[stopped].Stage == "Indexer")
                        await NothingIndexedWaitsAsync();
                    workers[stopped] = await Pipeline.StartReadyAsync(workers[stopped].Stage);
                }
        });

        await Pipeline.EndsWellAsync(feed.Folder);
        // What one of them had done and was delivered again would have been announced again.
        Assert.All(tap.Heard.CountBy(What), message => Assert.Equal((message.Key, 1), (message.Key, message.Value)));
    }

    [Fact]
    public async Task Workers_that_are_stopped_while_they_open_their_queues_end_by_themselves()
    {
        var workers = Enumerable.Range(0, 6).Select(_ => Pipeline.Start("Enricher")).ToList();
        await Task.WhenAll(workers.Select(StopWhileItOpensAsync));

        static async Task StopWhileItOpensAsync(Worker worker)
        {
            await Eventually.HoldsAsync(
                () => worker.Log.Contains("Takes messages from", StringComparison.Ordinal),
                () => $"it opens its queues: {worker.Log}"
            );
            var run = await worker.StopAsync();
            Assert.True(run.Code == 0, worker.Log);
            Assert.DoesNotContain("does not close", worker.Log, StringComparison.Ordinal);
        }
    }

    // While no indexer runs: what waits for one is not in the index.
    private async Task NothingIndexedWaitsAsync()
    {
        var waiting = await Pipeline.Host.ReadAsync("paperpipeline-index");
        var indexed = await Pipeline.SightingsAsync();
        foreach (var message in waiting.Where(m => m.Type == "PapersEnriched"))
            Assert.DoesNotContain(
                (
                    message.Digest,
                    message.Message.GetProperty("papers")[0].GetProperty("entry").GetProperty("ordinal").GetInt32()
                ),
                indexed
            );
    }

    private static string What(Tapped heard) =>
        (heard.Type, heard.Message) switch
        {
            ("PapersParsed", var m) =>
                $"{heard.Type} {heard.Digest} {m.GetProperty("entries")[0].GetProperty("ordinal")}",
            ("PapersEnriched", var m) =>
                $"{heard.Type} {heard.Digest} {m.GetProperty("papers")[0].GetProperty("entry").GetProperty("ordinal")}",
            _ => $"{heard.Type} {heard.Digest}",
        };
}
