using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary><c>ingest</c> with a broker: the workers do the work, the program follows the index.</summary>
public sealed class BrokerIngestTests(SharedBroker broker)
{
    private const int DigestCount = 4;
    private const int PapersEach = 60;
    private const string AllOfThem = "4 digests, 240 papers: 240 indexed, 0 dead letters";

    [Fact]
    public async Task It_says_what_one_process_says_and_the_second_run_changes_nothing()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        using var alone = new TestProgram();
        var digests = Digests.WriteMany(Path.Combine(alone.Folder, "digests"), DigestCount, PapersEach);
        await pipeline.StartAllAsync();

        var first = await pipeline.Program.RunAsync("ingest", digests);
        var export = await pipeline.Program.ExportAsync();
        var standalone = await alone.RunAsync("ingest", digests);

        Assert.Equal((0, AllOfThem), (first.Code, first.LastLine));
        Assert.Equal((0, AllOfThem), (standalone.Code, standalone.LastLine));
        Assert.Equal(Digests.Timeless((await alone.ExportAsync()).Out), Digests.Timeless(export.Out));
        // Without workers whatever a second run published would lie in the queues.
        await pipeline.StopAllAsync();
        var second = await pipeline.Program.RunAsync("ingest", digests, "--json");
        Assert.Equal((0, DigestCount), (second.Code, second.Lines.Count));
        Assert.Equal(0u, await pipeline.Host.WaitingAsync("paperpipeline-parse"));
        Assert.Equal(0u, await pipeline.Host.WaitingAsync("paperpipeline-index"));
        Assert.Equal(export.Out, (await pipeline.Program.ExportAsync()).Out);
    }

    [Fact]
    public async Task Standard_input_and_what_is_no_digest_count_as_in_one_process()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync();
        var letter = pipeline.Program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n");

        var input = await pipeline.Program.RunOnInputAsync(
            System.Text.Encoding.UTF8.GetBytes(Digests.Page(3)),
            "ingest",
            "-"
        );
        var dead = await pipeline.Program.RunAsync("ingest", letter);

        Assert.Equal((0, "1 digest, 3 papers: 3 indexed, 0 dead letters"), (input.Code, input.LastLine));
        Assert.Equal((3, "1 digest, 0 papers: 0 indexed, 1 dead letter"), (dead.Code, dead.LastLine));
    }

    [Fact]
    public async Task A_day_that_is_stated_later_is_in_every_document_when_it_ends()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync();
        var digest = pipeline.Program.Write("digest.txt", Digests.Page(150));
        await pipeline.Program.RunAsync("ingest", digest);

        var stated = await pipeline.Program.RunAsync("ingest", digest, "--day", "2025-04-01");

        Assert.Equal((0, "1 digest, 150 papers: 150 indexed, 0 dead letters"), (stated.Code, stated.LastLine));
        Assert.All(
            (await pipeline.Program.ExportAsync()).Lines,
            line => Assert.Contains("\"day\":\"2025-04-01\"", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_waiting_it_ends_when_the_broker_has_everything()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await using var source = await SourceServer.StartAsync(context => context.Response.WriteAsync(Digests.Page(2)));
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);

        // Nobody has ever listened, and there is no index.
        var given = await pipeline.Program.RunAsync("ingest", "--no-wait", digests, source.At("/digest.txt"));

        Assert.Equal((0, "4 digests, 1 address handed over"), (given.Code, given.LastLine));
        await pipeline.StartAllAsync();
        await pipeline.SettledAsync(DigestCount + 1);
        var after = await pipeline.Program.RunAsync("ingest", digests);
        Assert.Equal((0, AllOfThem), (after.Code, after.LastLine));
    }

    [Fact]
    public async Task It_names_the_stage_that_nobody_runs_and_goes_on_when_somebody_does()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");

        var check = await pipeline.Program.RunAsync("check");
        var stuck = await pipeline.Program.RunAsync("ingest", digests, "--timeout", "6");
        await pipeline.StartReadyAsync("Enricher");
        var again = await pipeline.Program.RunAsync("ingest", digests);

        Assert.Equal(0, check.Code);
        Assert.Contains("nobody listens to paperpipeline-enrich", check.Out, StringComparison.Ordinal);
        Assert.Equal(1, stuck.Code);
        Assert.Contains(
            "nobody listens to paperpipeline-enrich: start an enricher",
            stuck.ErrorLines[^1],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("paperpipeline-parse", stuck.Error, StringComparison.Ordinal);
        Assert.Equal((0, AllOfThem), (again.Code, again.LastLine));
    }

    [Fact]
    public async Task Several_at_once_each_end_with_what_they_were_given()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);
        var other = pipeline.Program.Write("other.txt", Digests.Page(5, first: 500));

        // They begin before there is an index or anybody who listens.
        await using var first = pipeline.Program.Start("ingest", digests);
        await using var second = pipeline.Program.Start("ingest", digests, other);
        await pipeline.StartAllAsync();

        Assert.Equal(AllOfThem, (await first.EndAsync()).LastLine);
        Assert.Equal("5 digests, 245 papers: 245 indexed, 0 dead letters", (await second.EndAsync()).LastLine);
        Assert.Equal(240 - (DigestCount - 1) + 5, await pipeline.CountAsync());
    }

    [Fact]
    public async Task It_ends_at_once_when_it_is_interrupted_and_the_workers_go_on()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);
        await using var running = pipeline.Program.Start("ingest", digests);
        await Eventually.HoldsAsync(
            async () => await pipeline.Host.WaitingAsync("paperpipeline-parse") == DigestCount,
            "all digests are announced"
        );

        await running.SignalAsync("INT");

        Assert.Equal(130, (await running.EndAsync()).Code);
        await pipeline.StartAllAsync();
        await pipeline.SettledAsync(DigestCount);
    }

    [Fact]
    public async Task Serve_is_refused_with_a_broker()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());

        var serve = await pipeline.Program.RunAsync("serve");

        Assert.Equal(2, serve.Code);
        Assert.Contains("workers", Assert.Single(serve.ErrorLines), StringComparison.Ordinal);
    }
}
