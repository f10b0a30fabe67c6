using System.Collections.Concurrent;
using CsCheck;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

public abstract partial class PaperStoreConformance
{
    [Fact]
    public async Task Decisions_readings_and_papers_in_any_order_give_the_documents_of_the_pure_functions()
    {
        var turn = 0;
        await (
            from world in Worlds.Any
            from steps in world.Arrivals
            from kills in Gen.Bool.List[steps.Count]
            select (world, steps, kills)
        ).SampleAsync(
            async sample =>
            {
                var name = $"ruled-{Interlocked.Increment(ref turn)}";
                var store = await OpenAsync(name);
                foreach (var (step, kill) in sample.steps.Zip(sample.kills))
                {
                    await TakeAsync(store, step);
                    if (!kill)
                        continue;
                    store = await KillAsync(store, name);
                    await TakeAsync(store, step);
                }
                Assert.Equal(sample.world.Expected, await ExportAsync(store));
                Assert.Equal(sample.world.Decisions.Count, (await store.DecisionsAsync(Token)).Count);
                foreach (var (digest, reading) in sample.world.Readings)
                    Assert.True((await store.FindAsync(digest, Token))!.Indexed <= reading.Entries);
                await store.DisposeAsync();
            },
            iter: Cases,
            threads: 1
        );
    }

    [Fact]
    public async Task Entries_that_a_newer_reading_no_longer_has_go_and_their_papers_with_them()
    {
        Observation[] older =
        [
            Observations.Of("d", 1, Lanterns),
            Observations.Of("d", 2, Bridges),
            Observations.Of("d", 3, "What was no paper at all, but long"),
            // Another digest keeps what it announced.
            Observations.Of("e", 1, Bridges),
        ];
        Observation[] newer = [Observations.Of("d", 1, Lanterns, parserVersion: 2)];
        Func<IPaperStore, Task>[] steps =
        [
            s => s.WriteAsync(older, Token),
            s => s.RecordAsync(Reading(1, 3), Token),
            s => s.WriteAsync(newer, Token),
            s => s.RecordAsync(Reading(2, 1), Token),
        ];
        for (var turn = 0; turn < steps.Length; turn++)
        {
            await using var store = await OpenAsync($"fewer-{turn}");
            foreach (var step in steps.Skip(turn).Concat(steps.Take(turn)))
                await step(store);

            Assert.Equal(Expected([.. newer, older[3]]), await ExportAsync(store));
            var status = (await store.FindAsync("d", Token))!;
            Assert.Equal(("complete", 1, 1, 2), (status.State, status.Papers, status.Indexed, status.ParserVersion));
            Assert.Equal(0, (await store.SearchAsync("\"no paper at all\"", 5, Token)).Total);
            var late = await store.WriteAsync([older[2]], Token);
            Assert.Equal([new WriteOutcome(null, null)], late);
            Assert.Equal(2, await store.CountAsync(Token));
        }

        static DigestParsed Reading(int version, int entries) => Parsed(entries, 0) with { ParserVersion = version };
    }

    [Fact]
    public async Task A_digest_that_two_versions_read_settles_in_whatever_order_their_messages_come()
    {
        await using var store = await OpenAsync("orders");
        var turn = 0;
        var papers = new ConcurrentBag<Observation>();
        await (
            from steps in Gen.Shuffle(Enumerable.Range(0, 9).ToArray())
            from again in Gen.Int[0, 8].Array[0, 2]
            from ended in Gen.Bool
            select (steps: steps.Where(s => ended || s != 8).Concat(again.Where(s => ended || s != 8)).ToArray(), ended)
        ).SampleAsync(
            async order =>
            {
                var digest = $"digest{Interlocked.Increment(ref turn)}";
                var newest = Read(2, 1);
                papers.Add(newest);
                foreach (var step in order.steps)
                    await (
                        step switch
                        {
                            0 => store.WriteAsync([Read(1, 1), Read(1, 3)], Token),
                            1 => store.WriteAsync([Read(1, 4)], Token),
                            2 => store.AddAsync(Dead(1, "parse", null), Token),
                            3 => store.AddAsync(Dead(1, "enrich", 5), Token),
                            4 => store.RecordAsync(Fetched("name") with { Digest = digest }, Token),
                            5 => store.WriteAsync([newest], Token),
                            6 => store.AddAsync(Dead(2, "enrich", 2), Token),
                            7 => store.RecordAsync(Ended(2, 2, 0), Token),
                            _ => store.RecordAsync(Ended(1, 5, 1), Token),
                        }
                    );

                var status = (await store.FindAsync(digest, Token))!;
                Assert.Equal(("partial", 1, 1, 2), (status.State, status.Indexed, status.Dead, status.Expected));

                Observation Read(int version, int ordinal) =>
                    Observations.Of(digest, ordinal, $"{Lanterns} {digest} {ordinal}", parserVersion: version);

                EntryRejected Dead(int version, string stage, int? ordinal) =>
                    Letter(stage, ordinal) with
                    {
                        Digest = digest,
                        ParserVersion = version,
                        Position = ordinal is null ? "line 7" : null,
                    };

                DigestParsed Ended(int version, int entries, int reported) =>
                    Parsed(entries, reported) with
                    {
                        Digest = digest,
                        ParserVersion = version,
                    };
            },
            iter: Cases,
            threads: 1
        );
        Assert.Equal(Expected(papers), await ExportAsync(store));
    }

    [Fact]
    public async Task Times_change_nothing_and_the_first_of_them_stay()
    {
        await using var store = await OpenAsync("times");
        var first = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var paper = Observations.Of("d", 1, Lanterns);

        foreach (var at in (DateTimeOffset[])[first.AddDays(1), first, first.AddDays(2)])
            await store.WriteAsync([paper with { EnrichedAt = at, IndexedAt = at.AddHours(1) }], Token);

        Assert.Equal(Expected([paper]), await ExportAsync(store));
        var kept = Assert.Single(Assert.Single(await store.FindPapersAsync($"entry:d#1", Token)).Observations);
        Assert.Equal((first, first.AddHours(1)), (kept.EnrichedAt, kept.IndexedAt));
    }

    [Fact]
    public async Task Papers_are_found_by_key_by_entry_by_digest_and_by_what_they_share()
    {
        await using var store = await OpenAsync("asked");
        Observation[] papers =
        [
            Observations.Of("d", 1, Lanterns, arxiv: "2501.00001"),
            Observations.Of("e", 1, Lanterns, arxiv: "2501.00002"),
            Observations.Of("e", 2, Bridges),
        ];
        await store.WriteAsync(papers, Token);

        Assert.Equal(
            ["arxiv:2501.00001", "arxiv:2501.00002"],
            Ids(await store.FindPapersAsync(Title(Lanterns), Token))
        );
        Assert.Equal(["arxiv:2501.00002"], Ids(await store.FindPapersAsync("entry:e#1", Token)));
        Assert.Empty(await store.FindPapersAsync("entry:e#7", Token));
        Assert.Equal(
            ["arxiv:2501.00002", Title(Bridges)],
            Ids(await store.FindAnnouncedAsync("e", Token).ToListAsync(Token))
        );
        Assert.Equal(
            ["arxiv:2501.00001", "arxiv:2501.00002"],
            Ids(await store.FindRelatedAsync([Observations.Of("f", 1, Lanterns)], Token))
        );
        Assert.Equal(
            [Title(Bridges)],
            Ids(await store.FindRelatedAsync([Observations.Of("e", 2, "Another reading of it, just as long")], Token))
        );

        static string Title(string title) => Keys.Of(Observations.Of("x", 1, title))[0].Value;
        static IEnumerable<string> Ids(IEnumerable<PaperGroup> groups) => groups.Select(g => g.Id);
    }

    /// <summary>Gives a store what arrives.</summary>
    protected static Task TakeAsync(IPaperStore store, Arrival step) =>
        step switch
        {
            { Decision: { } decision } => store.DecideAsync(decision, Token),
            { Parsed: { } parsed } => store.RecordAsync(parsed, Token),
            _ => store.WriteAsync(step.Papers, Token),
        };
}
