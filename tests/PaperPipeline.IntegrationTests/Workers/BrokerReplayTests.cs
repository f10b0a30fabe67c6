using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary><c>replay</c> and <c>papers</c> with a broker: the indexer alone writes, and what is live goes first.</summary>
public sealed class BrokerReplayTests(SharedBroker broker)
{
    private const int DigestCount = 4;
    private const int PapersEach = 60;
    private const int Papers = DigestCount * PapersEach - (DigestCount - 1);

    [Fact]
    public async Task An_index_that_is_gone_comes_back_with_its_decisions()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);
        await pipeline.StartAllAsync();
        await pipeline.Program.RunAsync("ingest", digests);
        var letter = pipeline.Program.Write("letter.txt", "Dear all,\n\nthe meeting is at ten.\n");
        await pipeline.Program.RunAsync("ingest", letter);

        var merge = await pipeline.Program.RunAsync("papers", "merge", Digests.Title(1), Digests.Title(2));
        var live = await pipeline.Program.ExportAsync();
        var onto = await pipeline.Program.RunAsync("replay", "--all");
        Assert.Equal(live.Out, (await pipeline.Program.ExportAsync()).Out);
        await pipeline.StopAllAsync();
        foreach (var file in Directory.GetFiles(pipeline.Program.DataDir, "papers.db*"))
            File.Delete(file);
        await pipeline.StartAllAsync();
        var into = await pipeline.Program.RunAsync("replay", "--all");

        Assert.Equal(0, merge.Code);
        Assert.Equal((3, "5 digests replayed: 240 indexed, 1 dead letter"), (onto.Code, onto.LastLine));
        Assert.Equal((3, onto.LastLine), (into.Code, into.LastLine));
        Assert.Equal(Papers - 1, live.Lines.Count);
        Assert.Equal(live.Out, (await pipeline.Program.ExportAsync()).Out);
        Assert.Equal(0, (await pipeline.Program.RunAsync("verify")).Code);
        await pipeline.AtRestAsync();
    }

    [Fact]
    public async Task A_replay_that_is_killed_goes_on_where_it_was()
    {
        const int Many = 12;
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), Many, PapersEach);
        await pipeline.StartAllAsync();
        await pipeline.Program.RunAsync("ingest", digests);
        var live = await pipeline.Program.ExportAsync();
        await pipeline.StopAllAsync();
        foreach (var file in Directory.GetFiles(pipeline.Program.DataDir, "papers.db*"))
            File.Delete(file);
        await pipeline.StartAllAsync();

        foreach (var lines in (int[])[2, 5])
        {
            await using var running = pipeline.Program.Start("replay", "--all");
            await Eventually.HoldsAsync(
                () => running.HasEnded || pipeline.Program.Replayed().Count >= lines,
                "digests are done"
            );
            await running.SignalAsync("KILL");
            Assert.Equal(137, (await running.EndAsync()).Code);
        }
        var last = await pipeline.Program.RunAsync("replay", "--all");

        Assert.Contains("Goes on with a replay that was stopped", last.Error, StringComparison.Ordinal);
        Assert.Equal(0, last.Code);
        Assert.Equal(live.Out, (await pipeline.Program.ExportAsync()).Out);
        Assert.Empty(pipeline.Program.Replayed());
        await pipeline.AtRestAsync();
    }

    [Fact]
    public async Task Nothing_is_published_while_what_is_live_waits()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), DigestCount, PapersEach);
        await pipeline.StartAllAsync("Fetcher", "Parser", "Indexer");
        await pipeline.Program.RunAsync("ingest", digests, "--no-wait");
        const uint chunks = DigestCount * 2;
        await Eventually.HoldsAsync(
            async () => await pipeline.Host.WaitingAsync("paperpipeline-enrich") == chunks,
            "all chunks wait for an enricher"
        );

        var guest = await pipeline.Program.RunAsync("replay", "--all", "--timeout", "3");
        var waiting = await pipeline.Host.WaitingAsync("paperpipeline-enrich");
        await pipeline.StartReadyAsync("Enricher");
        var later = await pipeline.Program.RunAsync("replay", "--all");

        Assert.Equal((1, chunks), (guest.Code, waiting));
        Assert.Contains("paperpipeline-enrich", guest.Error, StringComparison.Ordinal);
        Assert.Equal((0, "4 digests replayed: 240 indexed, 0 dead letters"), (later.Code, later.LastLine));
        Assert.Equal(Papers, await pipeline.CountAsync());
    }
}
