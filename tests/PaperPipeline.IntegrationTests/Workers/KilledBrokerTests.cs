using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>A broker of the test's own that is killed while papers flow; nobody starts the workers again.</summary>
[Collection("workers")]
public sealed class KilledBrokerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Workers_outlive_a_broker_that_is_killed_and_lose_nothing()
    {
        DebianBroker.Require();
        var random = Seeds.New(output);
        await using var broker = await DebianBroker.StartAsync();
        await using var pipeline = new TestPipeline(broker.Default);
        var workers = await pipeline.StartAllAsync();
        var feed = new DigestFeed(pipeline, 120);

        await feed.WhileAsync(async () =>
        {
            for (var kill = 0; kill < 3 * Seeds.Rounds; kill++)
            {
                await feed.ProgressAsync(random.Next(1, 6));
                await broker.KillAsync();
                if (kill == 0)
                    await Task.WhenAll(workers.Select(worker => worker.NotReadyAsync("broker")));
                await broker.StartAgainAsync();
                await Task.WhenAll(workers.Select(worker => worker.ReadyAsync()));
            }
        });

        await pipeline.EndsWellAsync(feed.Folder);
    }
}
