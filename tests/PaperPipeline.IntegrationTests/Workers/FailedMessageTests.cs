using System.Text;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.Storage.Index;
using RabbitMQ.Client;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Messages that fail, on every queue, while sound ones pass beside them.</summary>
[Collection("workers")]
public sealed class FailedMessageTests(SharedBroker broker) : IAsyncLifetime
{
    private const string Envelopes = "application/vnd.masstransit+json";
    private static readonly string[] Queues = ["fetch", "parse", "enrich", "index"];

    private TestPipeline? _pipeline;

    private TestPipeline Pipeline => _pipeline!;

    private string Folder => Path.Combine(Pipeline.Program.Folder, "digests");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _pipeline = new TestPipeline(await broker.NewHostAsync());
        // Long enough to be seen.
        _pipeline.Program.Variables["PAPERPIPELINE_RETRY_DELAYS"] = "2,3";
    }

    public ValueTask DisposeAsync() => _pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(
        "a torn envelope",
        Envelopes,
        "{\"messageType\":[\"urn:message:PaperPipeline.Contracts:TYPE\"],\"message\":{\"needle\":[1,"
    )]
    [InlineData("no envelope", Envelopes, "[\"needle\"]")]
    [InlineData("no JSON", Envelopes, "needle in a haystack")]
    [InlineData("another content type", "application/x-needle", "needle")]
    [InlineData(
        "an unknown type",
        Envelopes,
        "{\"messageType\":[\"urn:message:Elsewhere:Needle\"],\"message\":{\"a\":1}}"
    )]
    [InlineData(
        "members of other types",
        Envelopes,
        "{\"messageType\":[\"urn:message:PaperPipeline.Contracts:TYPE\"],\"message\":{\"digest\":[\"needle\"],\"address\":7,\"entries\":3,\"papers\":\"no\"}}"
    )]
    public async Task What_cannot_be_read_is_one_dead_letter_for_each_queue(
        string what,
        string contentType,
        string body
    )
    {
        await Pipeline.StartAllAsync();
        await using var messages = await RawMessages.OpenAsync(Pipeline.Host);
        Pipeline.DropAll(Digests.WriteMany(Folder, 1, 60));
        foreach (
            var (queue, type) in Queues.Zip(
                (string[])["FetchSource", "DigestFetched", "PapersParsed", "PapersEnriched"]
            )
        )
            await messages.SendAsync(
                "paperpipeline-" + queue,
                Encoding.UTF8.GetBytes(body.Replace("TYPE", type, StringComparison.Ordinal)),
                new BasicProperties { ContentType = contentType, Persistent = true }
            );
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.HoldsAsync(
            async () =>
                (letters = await Pipeline.LettersAsync()).Count >= Queues.Length && await Pipeline.CountAsync() == 60,
            () =>
                $"{what}: a letter for each queue and all papers; {string.Join("\n", letters.Select(l => l.Rejected))}"
        );
        await Pipeline.AtRestAsync();

        letters = await Pipeline.LettersAsync();
        Assert.Equal(Queues.Order(), letters.Select(letter => letter.Rejected.Stage).Order());
        Assert.All(
            letters,
            letter =>
            {
                Assert.Contains(
                    "needle",
                    letter.Rejected.Reason + letter.Rejected.Excerpt,
                    StringComparison.OrdinalIgnoreCase
                );
                Assert.DoesNotContain("   at ", letter.Rejected.Reason, StringComparison.Ordinal);
                Assert.NotEmpty(letter.Rejected.Reason);
            }
        );
        await Pipeline.StopAllAsync();
    }

    [Fact]
    public async Task A_source_that_fails_for_a_while_is_asked_again_later()
    {
        var heals = false;
        await using var source = await SourceServer.StartAsync(async context =>
        {
            context.Response.StatusCode = Volatile.Read(ref heals) ? 200 : 503;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Digests.Page(5)));
        });
        await Pipeline.StartAllAsync();
        await using var messages = await RawMessages.OpenAsync(Pipeline.Host);

        await messages.PublishAsync("FetchSource", new { address = source.At("/digest.txt") });
        await Eventually.HoldsAsync(
            async () => await Pipeline.Host.WaitingAsync("paperpipeline-fetch_retry_2s") == 1,
            "the request waits for another try"
        );
        Volatile.Write(ref heals, true);

        await Pipeline.SettledAsync(1);
        Assert.Empty(await Pipeline.LettersAsync());
        Assert.Equal(5, await Pipeline.CountAsync());
        await Pipeline.AtRestAsync();
    }

    [Fact]
    public async Task An_archive_that_is_away_is_waited_for_by_the_parser()
    {
        Pipeline.DropAll(Digests.WriteMany(Folder, 3, 10));
        await Pipeline.StartAllAsync("Fetcher");
        await Eventually.HoldsAsync(
            async () => await Pipeline.Host.WaitingAsync("paperpipeline-parse") == 3,
            "three digests wait"
        );
        await Pipeline.StopAllAsync();
        var away = Pipeline.Program.Archive + "-away";
        Directory.Move(Pipeline.Program.Archive, away);

        await Pipeline.StartAllAsync("Enricher", "Indexer");
        var parser = Pipeline.Start("Parser");
        await parser.NotReadyAsync(Pipeline.Program.Archive);
        // Longer than trouble of a message itself is borne.
        foreach (var waits in (bool[])[true, false, true])
            await Eventually.HoldsAsync(
                async () => await Pipeline.Host.WaitingAsync("paperpipeline-parse_retry_3s") > 0 == waits,
                "the digests are tried again and again"
            );
        Directory.Move(away, Pipeline.Program.Archive);

        await parser.ReadyAsync();
        await Pipeline.EndsWellAsync(Folder);
    }
}
