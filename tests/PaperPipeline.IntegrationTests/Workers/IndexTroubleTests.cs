using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>
/// The index is away for longer than any message waits for another try, and for longer than the broker lets a consumer hold
/// one: the others go on, and nothing becomes a dead letter.
/// </summary>
[Collection("workers")]
public sealed class IndexTroubleTests(ImpatientBroker broker) : IClassFixture<ImpatientBroker>
{
    // Each digest is announced, has three chunks of papers, and is read to its end.
    private const int PapersEach = 120;
    private const int MessagesEach = 5;
    private const int Before = 2;
    private const int During = 6;

    private static readonly TimeSpan Outage = ImpatientBroker.Patience * 2.5 * Seeds.Rounds;

    [Fact]
    public async Task An_index_that_is_locked_is_waited_for()
    {
        await using var pipeline = await StartAsync(null);

        await RunAsync(
            pipeline,
            async absence =>
            {
                await using var other = new SqliteConnection(
                    $"Data Source={Path.Combine(pipeline.Program.DataDir, "papers.db")};Pooling=False"
                );
                await other.OpenAsync();
                await using var begun = await other.BeginTransactionAsync();
                await absence();
            }
        );
    }

    [Fact]
    public async Task An_index_that_refuses_connections_is_waited_for()
    {
        OwnSearchServer.Require();
        await using var server = await OwnSearchServer.StartAsync();
        await using var pipeline = await StartAsync(server);

        await RunAsync(
            pipeline,
            async absence =>
            {
                await server.KillAsync();
                await absence();
                await server.StartAgainAsync();
            }
        );
    }

    [Fact]
    public async Task An_index_that_hangs_is_waited_for()
    {
        OwnSearchServer.Require();
        await using var server = await OwnSearchServer.StartAsync();
        await using var pipeline = await StartAsync(server);

        await RunAsync(
            pipeline,
            async absence =>
            {
                await server.FreezeAsync();
                await absence();
                await server.ThawAsync();
            }
        );
    }

    private async Task<TestPipeline> StartAsync(OwnSearchServer? server)
    {
        var pipeline = new TestPipeline(await broker.NewHostAsync());
        pipeline.Program.Variables["PAPERPIPELINE_RETRY_DELAYS"] = "0.5,1";
        if (server is not null)
            pipeline.Program.Variables["PAPERPIPELINE_INDEX"] = server.Url.ToString();
        return pipeline;
    }

    private static async Task RunAsync(TestPipeline pipeline, Func<Func<Task>, Task> trouble)
    {
        var workers = await pipeline.StartAllAsync();
        var digests = Path.Combine(pipeline.Program.Folder, "digests");
        pipeline.DropAll(Digests.WriteMany(digests, Before, PapersEach));
        await pipeline.SettledAsync(Before);

        await trouble(async () =>
        {
            var began = Stopwatch.GetTimestamp();
            pipeline.DropAll(Digests.WriteMany(digests, Before + During, PapersEach));
            await Eventually.HoldsAsync(
                async () => await WaitingAsync(pipeline) >= During * MessagesEach,
                "what the other stages made waits for the indexer"
            );
            await Eventually.HoldsAsync(
                () => Stopwatch.GetElapsedTime(began) > Outage,
                "the outage has lasted long enough"
            );
            Assert.All(workers, worker => Assert.False(worker.HasEnded, worker.Log));
            Assert.Equal(HttpStatusCode.OK, (await workers[^1].HealthAsync("live")).Code);
        });

        await pipeline.EndsWellAsync(digests);
    }

    private static async Task<int> WaitingAsync(TestPipeline pipeline) =>
        (await pipeline.Host.QueuesAsync()).Single(queue => queue.Name == "paperpipeline-index").Messages;
}
