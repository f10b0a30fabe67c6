using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using RabbitMQ.Client;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Four workers over a real broker, in every order and with every message twice.</summary>
[Collection("workers")]
public sealed class FlowTests(SharedBroker broker) : IAsyncLifetime
{
    private const int DigestCount = 3;

    private static readonly string[] Types =
    [
        "FetchSource",
        "DigestFetched",
        "PapersParsed",
        "PapersEnriched",
        "DigestParsed",
        "EntryRejected",
    ];

    private TestPipeline? _pipeline;
    private string? _digests;

    private TestPipeline Pipeline => _pipeline!;

    private string Folder => _digests!;

    public async ValueTask InitializeAsync()
    {
        _pipeline = new TestPipeline(await broker.NewHostAsync());
        _digests = Digests.WriteMany(Path.Combine(_pipeline.Program.Folder, "digests"), DigestCount, 120);
    }

    public ValueTask DisposeAsync() => _pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Four_workers_make_the_same_documents_as_one_process()
    {
        await Pipeline.StartAllAsync();
        Pipeline.DropAll(Folder);

        await Pipeline.EndsWellAsync(Folder);
    }

    [Fact]
    public async Task Each_worker_may_have_stopped_before_the_next_has_ever_been_started()
    {
        Pipeline.DropAll(Folder);
        await Pipeline.StartReadyAsync("Fetcher");
        await WaitAsync("paperpipeline-parse", messages => messages == DigestCount);
        await Pipeline.StopAllAsync();
        foreach (var (stage, queue) in ((string, string)[])[("Parser", "parse"), ("Enricher", "enrich")])
        {
            await Pipeline.StartReadyAsync(stage);
            await WaitAsync("paperpipeline-" + queue, messages => messages == 0);
            await Pipeline.StopAllAsync();
        }
        await Pipeline.StartReadyAsync("Indexer");

        await Pipeline.EndsWellAsync(Folder);
    }

    [Fact]
    public async Task Every_message_twice_changes_nothing()
    {
        await Pipeline.StartAllAsync();
        await using var copies = await RawMessages.OpenAsync(Pipeline.Host);
        await using var tap = await MessageTap.OpenAsync(
            Pipeline.Host,
            Types,
            async (type, delivery) =>
            {
                foreach (var queue in Receivers(type))
                    await copies.SendAsync(queue, delivery.Body, new BasicProperties(delivery.BasicProperties));
            }
        );
        Pipeline.DropAll(Folder);
        await Pipeline.SettledAsync(DigestCount);
        await Pipeline.AtRestAsync();

        Assert.True(tap.Heard.Count(heard => heard.Type == "PapersEnriched") > 2 * DigestCount);
        await Pipeline.EndsWellAsync(Folder);
    }

    // What waits in a queue, and what is taken from it.
    private Task WaitAsync(string name, Func<int, bool> holds) =>
        Eventually.HoldsAsync(
            async () =>
                (await Pipeline.Host.QueuesAsync()).FirstOrDefault(queue => queue.Name == name) is { } queue
                && holds(queue.Messages),
            $"{name} holds as many messages as it should"
        );

    private static string[] Receivers(string type) =>
        type switch
        {
            "FetchSource" => ["paperpipeline-fetch"],
            "DigestFetched" => ["paperpipeline-parse", "paperpipeline-index"],
            "PapersParsed" => ["paperpipeline-enrich"],
            _ => ["paperpipeline-index"],
        };
}
