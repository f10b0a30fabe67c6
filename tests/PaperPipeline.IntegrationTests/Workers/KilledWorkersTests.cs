using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Workers that are killed or stopped while papers flow.</summary>
[Collection("workers")]
public sealed class KilledWorkersTests(SharedBroker broker, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string[] Fleet = ["Fetcher", "Parser", "Enricher", "Enricher", "Indexer", "Indexer"];

    private TestPipeline? _pipeline;

    private TestPipeline Pipeline => _pipeline!;

    public async ValueTask InitializeAsync() => _pipeline = new TestPipeline(await broker.NewHostAsync());

    public ValueTask DisposeAsync() => _pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Workers_that_are_killed_in_any_order_lose_and_double_nothing()
    {
        var random = Seeds.New(output);
        var workers = (await Pipeline.StartAllAsync(Fleet)).ToList();
        var feed = new DigestFeed(Pipeline, 120);

        await feed.WhileAsync(async () =>
        {
            for (var round = 0; round < Seeds.Rounds; round++)
                foreach (var victim in Enumerable.Range(0, Fleet.Length).OrderBy(_ => random.Next()).ToList())
                {
                    await feed.ProgressAsync(random.Next(1, 6));
                    await workers[victim].KillAsync();
                    workers[victim] = await Pipeline.StartReadyAsync(Fleet[victim]);
                }
        });

        await Pipeline.EndsWellAsync(feed.Folder);
    }
}
