using System.Text;
using System.Text.Json.Nodes;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;
using PaperPipeline.Storage.Index;
using RabbitMQ.Client;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Whatever finally fails is one dead letter, and nothing beside it fails.</summary>
public sealed class DeadLetterTests(SharedBroker broker)
{
    private const string Enrich = "paperpipeline-enrich";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_that_kills_its_worker_each_time_is_one_dead_letter_and_its_neighbours_arrive()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");
        pipeline.Program.Variables["PAPERPIPELINE_FAILPOINT"] = "die:" + Digests.Title(30);
        pipeline.DropAll(Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 3, 40));

        var (deaths, enricher) = (0, pipeline.Start("Enricher"));
        await Eventually.HoldsAsync(
            async () =>
            {
                if (!enricher.HasEnded)
                    return (await ListAsync(pipeline)).Count(digest => digest.IsSettled) == 3;
                deaths++;
                enricher = pipeline.Start("Enricher");
                return false;
            },
            () => $"all is settled after {deaths} deaths: {enricher.Log}"
        );

        var letter = Assert.Single(await pipeline.LettersAsync()).Rejected;
        Assert.Equal(("enrich", Digests.Title(30)), (letter.Stage, letter.Entry?.Title));
        Assert.Contains("each time the worker ended", letter.Reason, StringComparison.Ordinal);
        Assert.True(letter.Attempts <= deaths, $"{letter.Attempts} attempts, {deaths} deaths");
        Assert.Equal(117, await pipeline.CountAsync());
        await pipeline.AtRestAsync();
    }

    [Fact]
    public async Task Messages_that_cannot_be_read_are_dead_letters_and_the_entries_beside_them_arrive()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync("Fetcher", "Parser");
        pipeline.DropAll(Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 1, 20));
        await SpoilAsync(
            pipeline,
            chunk =>
            {
                var envelope = JsonNode.Parse(chunk)!;
                envelope["message"]!["entries"]![6]!["parserVersion"] = "seven";
                var stranger = JsonNode.Parse(chunk)!;
                stranger["messageType"] = new JsonArray("urn:message:Elsewhere:PapersWithdrawn");
                stranger["message"] = new JsonObject { ["why"] = "nobody knows" };
                return [(Json, envelope.ToJsonString()), (Json, "no json {"), (Json, stranger.ToJsonString())];
            }
        );

        await pipeline.StartAllAsync("Enricher", "Indexer");
        IReadOnlyList<DeadLetter> listed = [];
        await Eventually.HoldsAsync(
            async () => (listed = await pipeline.LettersAsync()).Count == 3 && await pipeline.CountAsync() == 19,
            () =>
                $"three letters, nineteen papers; {string.Join('\n', listed.Select(l => l.Rejected.Reason))} {string.Join('\n', pipeline.Logs)}"
        );

        var letters = (await pipeline.LettersAsync()).Select(letter => letter.Rejected).ToList();
        var entry = Assert.Single(letters, letter => letter.Ordinal == 7);
        Assert.Equal((Digests.Title(7), "enrich"), (entry.Excerpt, entry.Stage));
        Assert.Contains("could not be read", entry.Reason, StringComparison.Ordinal);
        var garbage = Assert.Single(letters, letter => letter.Excerpt == "no json {");
        Assert.Equal("no json {", Encoding.UTF8.GetString(Convert.FromBase64String(garbage.Message!.Body)));
        Assert.Contains(letters, letter => letter.Reason.Contains("PapersWithdrawn", StringComparison.Ordinal));
        var digest = Assert.Single(await ListAsync(pipeline));
        Assert.Equal(("partial", 19, 1), (digest.State, digest.Indexed, digest.Dead));
        await pipeline.AtRestAsync();
    }

    [Fact]
    public async Task An_entry_that_fails_each_time_is_tried_with_delays_then_is_a_dead_letter_until_it_is_given_back()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        pipeline.Program.Variables["PAPERPIPELINE_RETRY_DELAYS"] = "0.5,1";
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");
        pipeline.Program.Variables["PAPERPIPELINE_FAILPOINT"] = "throw:" + Digests.Title(4);
        var enricher = await pipeline.StartReadyAsync("Enricher");
        pipeline.DropAll(Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 1, 12));

        await pipeline.SettledAsync(1);

        var letter = Assert.Single(await pipeline.LettersAsync()).Rejected;
        Assert.Equal((Digests.Title(4), "enrich", 15), (letter.Entry?.Title, letter.Stage, letter.Attempts));
        Assert.Equal(11, await pipeline.CountAsync());
        await pipeline.AtRestAsync();

        var failed = await pipeline.Program.RunAsync("dead-letters", "retry");
        await enricher.StopAsync();
        pipeline.Program.Variables.Remove("PAPERPIPELINE_FAILPOINT");
        await pipeline.StartReadyAsync("Enricher");
        var retried = await pipeline.Program.RunAsync("dead-letters", "retry");

        Assert.Equal((3, "1 retried: 0 settled, 1 still dead"), (failed.Code, failed.LastLine));
        Assert.Equal((0, "1 retried: 1 settled, 0 still dead"), (retried.Code, retried.LastLine));
        Assert.Empty(await pipeline.LettersAsync());
        Assert.Equal(12, await pipeline.CountAsync());
        await pipeline.AtRestAsync();
    }

    private const string Json = "application/vnd.masstransit+json";

    // Takes the one message of the enricher's queue and puts others in its place, as a program of another version would.
    private static async Task SpoilAsync(TestPipeline pipeline, Func<string, IEnumerable<(string, string)>> others)
    {
        await Eventually.HoldsAsync(
            async () => await pipeline.Host.WaitingAsync(Enrich) == 1,
            () => $"a chunk waits. {string.Join('\n', pipeline.Logs)}"
        );
        await using var connection = await pipeline.Host.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Token);
        var chunk = (await channel.BasicGetAsync(Enrich, autoAck: true, Token))!;
        foreach (var (contentType, body) in others(Encoding.UTF8.GetString(chunk.Body.Span)))
            await channel.BasicPublishAsync(
                "",
                Enrich,
                mandatory: true,
                new BasicProperties(chunk.BasicProperties) { ContentType = contentType, MessageId = null },
                Encoding.UTF8.GetBytes(body),
                Token
            );
    }

    private static Task<IReadOnlyList<DigestStatus>> ListAsync(TestPipeline pipeline) =>
        pipeline.ReadAsync(store => store.ListAsync(Token), []);
}
