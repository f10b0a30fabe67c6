using System.Text;
using Microsoft.Data.Sqlite;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.IntegrationTests.Support.Brokers;

namespace PaperPipeline.IntegrationTests.Workers;

/// <summary>Papers that kill the indexer, or are suspected of it.</summary>
public sealed class SuspectPapersTests(SharedBroker broker)
{
    private const string Many = "paperpipeline-index";
    private const string Alone = "paperpipeline-index_alone";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paper_whose_title_kills_the_indexer_even_in_its_dead_letter_is_one_and_its_neighbours_arrive()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        await pipeline.StartAllAsync("Fetcher", "Parser", "Enricher");
        pipeline.Program.Variables["PAPERPIPELINE_FAILPOINT"] = "die:" + Digests.Title(5);
        var digests = Digests.WriteMany(Path.Combine(pipeline.Program.Folder, "digests"), 3, 10);
        pipeline.DropAll(digests);

        var (deaths, indexer) = (0, pipeline.Start("Indexer"));
        while (await pipeline.SettledNowAsync() < 3)
        {
            await Eventually.HoldsAsync(
                async () => indexer.HasEnded || await pipeline.SettledNowAsync() == 3,
                () => $"it ends, or all is settled; {deaths} deaths: {indexer.Log}"
            );
            if (indexer.HasEnded)
                (deaths, indexer) = (deaths + 1, pipeline.Start("Indexer"));
            // The limit of deliveries as chunk, alone, and as letter.
            Assert.True(deaths <= 3 * 11, string.Join('\n', pipeline.Logs));
        }

        var letter = Assert.Single(await pipeline.LettersAsync()).Rejected;
        Assert.Equal(("index", 5, null, null), (letter.Stage, letter.Ordinal, letter.Excerpt, letter.Entry));
        Assert.Contains("could not be written down", letter.Reason, StringComparison.Ordinal);
        Assert.Contains(
            Digests.Title(5),
            Encoding.UTF8.GetString(Convert.FromBase64String(letter.Message!.Body)),
            StringComparison.Ordinal
        );
        Assert.Equal(27, await pipeline.CountAsync());
        await pipeline.AtRestAsync();

        await indexer.StopAsync();
        pipeline.Program.Variables.Remove("PAPERPIPELINE_FAILPOINT");
        await pipeline.StartReadyAsync("Indexer");
        // First the letter itself is given back, then what it is about.
        await pipeline.Program.RunAsync("dead-letters", "retry");
        await Eventually.HoldsAsync(
            async () => await pipeline.LettersAsync() is [{ Rejected.Entry.Ordinal: 5 }],
            "the letter is written down as it was"
        );
        var settled = await pipeline.Program.RunAsync("dead-letters", "retry");
        Assert.Equal((0, "1 retried: 1 settled, 0 still dead"), (settled.Code, settled.LastLine));
        await pipeline.EndsWellAsync(digests);
    }

    [Fact]
    public async Task A_paper_under_suspicion_stays_so_while_the_index_is_away_and_nothing_is_taken_beside_it()
    {
        await using var pipeline = new TestPipeline(await broker.NewHostAsync());
        var digests = Path.Combine(pipeline.Program.Folder, "digests");
        var workers = await pipeline.StartAllAsync();
        pipeline.DropAll(Digests.WriteMany(digests, 1, 10));
        await pipeline.SettledAsync(1);
        await workers[^1].StopAsync();
        pipeline.DropAll(Digests.WriteMany(digests, 2, 10));
        await Eventually.HoldsAsync(async () => await pipeline.Host.WaitingAsync(Many) == 3, "all waits to be indexed");
        await using (var messages = await RawMessages.OpenAsync(pipeline.Host))
            await messages.MoveAsync(Many, Alone, message => message.Type == "PapersEnriched");

        await using (
            var other = new SqliteConnection(
                $"Data Source={Path.Combine(pipeline.Program.DataDir, "papers.db")};Pooling=False"
            )
        )
        {
            await other.OpenAsync(Token);
            await using var begun = await other.BeginTransactionAsync(Token);
            await pipeline.Start("Indexer").NotReadyAsync("paused");
            var (many, alone) = (0u, 0u);
            await Eventually.HoldsAsync(
                async () =>
                {
                    (many, alone) = (await pipeline.Host.WaitingAsync(Many), await pipeline.Host.WaitingAsync(Alone));
                    return many + alone == 3;
                },
                () => $"what was taken has gone back; {many} and {alone} wait"
            );
            Assert.Equal((2u, 1u), (many, alone));
        }

        await pipeline.EndsWellAsync(digests);
    }
}
