using CsCheck;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

/// <summary>What every adapter of the paper store does alike. An adapter's tests derive from it and say how to open one.</summary>
public abstract partial class PaperStoreConformance
{
    /// <summary>A title that is a key.</summary>
    protected const string Lanterns = "A long enough title about lanterns";

    /// <summary>Cancelled when the run is.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How many cases a property test tries in one round.</summary>
    protected virtual int CasesARound => 60;

    /// <summary>How many it tries.</summary>
    protected int Cases => CasesARound * Seeds.Rounds;

    /// <summary>Opens a store for writing; the same name is the same store.</summary>
    protected abstract Task<IPaperStore> OpenAsync(string name);

    /// <summary>The store as it stands when its process is killed now; the one given is not used again.</summary>
    protected abstract Task<IPaperStore> KillAsync(IPaperStore store, string name);

    [Fact]
    public async Task Any_arrival_repetition_and_crash_give_the_documents_of_the_pure_functions()
    {
        var turn = 0;
        await (
            from all in Observations.Digests
            from batches in Observations.Arrivals(all)
            from kills in Gen.Bool.List[batches.Count]
            select (all, batches, kills)
        ).SampleAsync(
            async world =>
            {
                var name = $"model-{Interlocked.Increment(ref turn)}";
                var store = await OpenAsync(name);
                foreach (var (batch, kill) in world.batches.Zip(world.kills))
                {
                    await store.WriteAsync(batch, Token);
                    if (!kill)
                        continue;
                    // Durable, but not acknowledged: the batch comes again.
                    store = await KillAsync(store, name);
                    await store.WriteAsync(batch, Token);
                }
                Assert.Equal(Expected(world.all), await ExportAsync(store));
                await store.DisposeAsync();
            },
            iter: Cases,
            threads: 1
        );
    }

    [Fact]
    public async Task A_digest_has_a_day_once_each_of_its_entries_bears_it()
    {
        await using var store = await OpenAsync("days");
        var (day, later) = (new DateOnly(2026, 5, 22), new DateOnly(2026, 5, 23));
        Observation[] batch =
        [
            On(day, null, Observations.Of("d", 1, Lanterns)),
            On(day, null, Observations.Of("d", 2, "Another long title about bridges")),
            // Another digest of the same paper does not matter.
            On(later, null, Observations.Of("e", 1, Lanterns)),
        ];
        await store.WriteAsync(batch, Token);
        var stated = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.True(await store.HasDayAsync("unknown", day, Token));
        Assert.True(await store.HasDayAsync("d", day, Token));
        Assert.False(await store.HasDayAsync("d", later, Token));
        await store.WriteAsync([On(later, stated, batch[0])], Token);
        Assert.False(await store.HasDayAsync("d", later, Token));
        await store.WriteAsync([On(later, stated, batch[1])], Token);
        Assert.True(await store.HasDayAsync("d", later, Token));

        static Observation On(DateOnly day, DateTimeOffset? stated, Observation observation) =>
            observation with
            {
                Entry = observation.Entry with { Day = day, DayStatedAt = stated },
            };
    }

    [Fact]
    public async Task Writing_the_same_again_gives_the_same_bytes_and_ids()
    {
        await using var store = await OpenAsync("twice");
        Observation[] batch =
        [
            Observations.Of("d", 1, Lanterns, arxiv: "2501.00001"),
            Observations.Of("d", 2, Lanterns),
            Observations.Of("d", 3, "Another long title about bridges", doi: "10.1/a"),
        ];

        var first = await store.WriteAsync(batch, Token);
        var before = await ExportAsync(store);
        var second = await store.WriteAsync(batch, Token);

        Assert.Equal(["arxiv:2501.00001", "arxiv:2501.00001", "doi:10.1/a"], first.Select(o => o.PaperId));
        Assert.Equal(first, second);
        Assert.Equal(before, await ExportAsync(store));
        Assert.Equal(2, await store.CountAsync(Token));
    }

    [Fact]
    public async Task A_paper_is_found_by_its_id_and_by_those_it_bore_before()
    {
        await using var store = await OpenAsync("former");
        var first = Assert.Single(await store.WriteAsync([Observations.Of("d", 1, Lanterns)], Token)).PaperId!;

        await store.WriteAsync([Observations.Of("e", 1, Lanterns, arxiv: "2501.00001")], Token);

        Assert.StartsWith("title:", first, StringComparison.Ordinal);
        Assert.Equal("arxiv:2501.00001", (await store.FindPaperAsync(first, Token))?.Id);
        Assert.Equal("arxiv:2501.00001", (await store.FindPaperAsync("arxiv:2501.00001", Token))?.Id);
        Assert.Null(await store.FindPaperAsync("arxiv:2501.99999", Token));
    }

    [Fact]
    public async Task A_key_of_two_papers_names_neither()
    {
        await using var store = await OpenAsync("ambiguous");
        var title = Keys.Of(Observations.Of("d", 9, Lanterns))[0].Value;

        await store.WriteAsync([Observations.Of("d", 1, Lanterns, arxiv: "2501.00001")], Token);
        await store.WriteAsync([Observations.Of("e", 1, Lanterns, arxiv: "2501.00002")], Token);

        Assert.Null(await store.FindPaperAsync(title, Token));
    }

    [Fact]
    public async Task A_paper_parts_when_another_publication_of_its_title_comes()
    {
        await using var store = await OpenAsync("publications");
        Observation[] all =
        [
            In(Observations.Of("d", 1, Lanterns), "Conference on Tides 2018"),
            In(Observations.Of("e", 1, Lanterns), "Tides 2018"),
            Observations.Of("f", 1, Lanterns),
            In(Observations.Of("g", 1, Lanterns), "Journal of Lanterns 7 (2019)"),
        ];
        var title = Keys.Of(all[0])[0].Value;

        await store.WriteAsync(all[..3], Token);
        Assert.Equal(3, (await store.FindPaperAsync(title, Token))!.Sightings.Count);
        await store.WriteAsync(all[3..], Token);

        Assert.Equal(Expected(all), await ExportAsync(store));
        Assert.Equal(
            ["entry:d#1", "entry:f#1", "entry:g#1"],
            (await store.FindPapersAsync(title, Token)).Select(p => p.Id)
        );
        Assert.Equal("entry:d#1", Assert.Single(await store.FindPapersAsync("entry:e#1", Token)).Id);

        static Observation In(Observation paper, string venue) =>
            paper with
            {
                Entry = paper.Entry with { JournalRef = venue },
            };
    }

    [Fact]
    public async Task A_newer_reading_that_gives_an_entry_another_title_leaves_nothing_behind()
    {
        await using var store = await OpenAsync("reread");
        await store.WriteAsync(
            [Observations.Of("d", 1, Lanterns), Observations.Of("d", 2, "A long title that stays")],
            Token
        );
        var reread = Observations.Of("d", 1, "What the newer parser reads there", parserVersion: 2);

        await store.WriteAsync([reread], Token);

        Assert.Equal(Expected([reread, Observations.Of("d", 2, "A long title that stays")]), await ExportAsync(store));
    }

    [Fact]
    public async Task Text_of_any_kind_and_size_comes_back_as_it_went_in()
    {
        await using var store = await OpenAsync("text");
        var text =
            "\u0001 \"quoted\" \\ \u2028 \uD83D\uDE00 ﬁ \t" + string.Concat(Enumerable.Repeat("wörter ", 30_000));
        var all = new[] { Observations.Of("d", 1, "Ünïcode " + Lanterns + " \uD83D\uDE00", text: text) };

        await store.WriteAsync(all, Token);

        Assert.Equal(Expected(all), await ExportAsync(store));
    }

    /// <summary>What a store must export for these observations.</summary>
    public static IReadOnlyList<string> Expected(IEnumerable<Observation> all) =>
        [.. Resolution.Resolve(all).Select(g => PaperJson.Write(Projection.Project(g)))];

    /// <summary>What a store exports.</summary>
    public static async Task<IReadOnlyList<string>> ExportAsync(IPaperStore store)
    {
        var lines = new List<string>();
        await foreach (var document in store.ExportAsync(Token))
            lines.Add(PaperJson.Write(document));
        return lines;
    }
}
