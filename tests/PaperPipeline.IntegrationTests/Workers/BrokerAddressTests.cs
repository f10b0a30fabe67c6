using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Addresses that <c>ingest</c> gives to the fetcher behind a broker.</summary>
public sealed class BrokerAddressTests(SharedBroker broker)
{
    private const string ThreePapers = "1 digest, 3 papers: 3 indexed, 0 dead letters";

    [Fact]
    public async Task Addresses_count_as_the_digests_that_they_lead_to()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await using var source = await SourceServer.StartAsync(Answer);
        await pipeline.StartAllAsync();
        var file = pipeline.Program.Write("digest.txt", Digests.Page(3));

        var first = await pipeline.Program.RunAsync("ingest", source.At("/digest.txt"));
        var again = await pipeline.Program.RunAsync("ingest", source.At("/moved"), source.At("/digest.txt"), file);
        var several = await pipeline.Program.RunAsync("ingest", source.At("/digest.txt"), source.At("/more.txt"));

        Assert.Equal((0, ThreePapers), (first.Code, first.LastLine));
        Assert.Equal((0, ThreePapers), (again.Code, again.LastLine));
        Assert.Equal((0, "2 digests, 7 papers: 7 indexed, 0 dead letters"), (several.Code, several.LastLine));
    }

    [Fact]
    public async Task An_address_that_cannot_be_fetched_is_one_dead_letter_until_it_can()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var there = false;
        await using var source = await SourceServer.StartAsync(context =>
            there ? Answer(context) : Task.FromResult(context.Response.StatusCode = 404)
        );
        await pipeline.StartAllAsync();
        var file = pipeline.Program.Write("digest.txt", Digests.Page(3));

        var first = await pipeline.Program.RunAsync("ingest", source.At("/digest.txt"));
        var second = await pipeline.Program.RunAsync("ingest", source.At("/digest.txt"), file);
        var letters = await pipeline.Program.RunAsync("dead-letters", "list", "--json");
        there = true;
        var third = await pipeline.Program.RunAsync("ingest", source.At("/digest.txt"));

        Assert.Equal((3, "1 digest, 0 papers: 0 indexed, 1 dead letter"), (first.Code, first.LastLine));
        Assert.Equal((3, "2 digests, 3 papers: 3 indexed, 1 dead letter"), (second.Code, second.LastLine));
        Assert.Contains("\"stage\":\"fetch\"", Assert.Single(letters.Lines), StringComparison.Ordinal);
        Assert.Equal((0, ThreePapers), (third.Code, third.LastLine));
        await Eventually.HoldsAsync(
            async () => (await pipeline.Program.RunAsync("dead-letters", "list", "--json")).Lines.Count == 0,
            "the letter is settled"
        );
    }

    [Fact]
    public async Task A_fetcher_that_comes_late_and_dies_once_still_answers()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var asked = new ConcurrentQueue<string>();
        await using var source = await SourceServer.StartAsync(async context =>
        {
            asked.Enqueue(context.Request.Path);
            // The first time nothing comes before it is killed.
            if (asked.Count == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            await Answer(context);
        });
        await using var running = pipeline.Program.Start("ingest", source.At("/digest.txt"));
        await pipeline.StartAllAsync("Parser", "Enricher", "Indexer");
        await Eventually.HoldsAsync(
            () => running.Error.Contains("nobody listens to paperpipeline-fetch", StringComparison.Ordinal),
            "it says that there is no fetcher"
        );

        var fetcher = await pipeline.StartReadyAsync("Fetcher");
        await Eventually.HoldsAsync(() => !asked.IsEmpty, "the source is asked");
        await fetcher.KillAsync();
        await pipeline.StartReadyAsync("Fetcher");

        Assert.Equal(ThreePapers, (await running.EndAsync()).LastLine);
    }

    private static Task Answer(HttpContext context)
    {
        switch (context.Request.Path)
        {
            case "/moved":
                context.Response.Redirect("/digest.txt");
                return Task.CompletedTask;
            case "/more.txt":
                return context.Response.WriteAsync(Digests.Page(4, first: 100));
            default:
                return context.Response.WriteAsync(Digests.Page(3));
        }
    }
}
