using PaperPipeline.Storage.Index;

namespace PaperPipeline.Conformance;

public abstract partial class PaperStoreConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where this adapter differs from others.</summary>
    protected abstract StoreDifferences Differences { get; }

    [Fact]
    public async Task Several_writes_are_of_use_where_many_writers_are_taken()
    {
        await using var store = await OpenAsync("concurrency");

        Assert.Equal(Differences.TakesManyWriters, store.WriteConcurrency > 1);
    }

    [Fact]
    public async Task Another_process_sees_what_was_written_at_once_or_soon()
    {
        await using var writer = await OpenAsync("others");
        await using var reader = await OpenAsync("others");
        Assert.Equal(0, await reader.CountAsync(Token));

        await writer.WriteAsync([Observations.Of("d", 1, Lanterns)], Token);

        Assert.Equal(1, await writer.CountAsync(Token));
        if (!Differences.OthersSeeAtOnce)
            await Eventually.HoldsAsync(
                async () => await reader.CountAsync(Token) == 1,
                "another sees the paper",
                Patience
            );
        Assert.Equal(1, await reader.CountAsync(Token));
        Assert.Equal(1, (await reader.SearchAsync("lanterns", 5, Token)).Total);
    }

    [Fact]
    public async Task A_paper_with_a_key_beyond_the_longest_is_refused_alone()
    {
        await using var store = await OpenAsync("longest");
        var large = Observations.Of("d", 2, "A long title of a paper with a long id", own: new string('x', 40_000));
        Contracts.Observation[] papers = [Observations.Of("d", 1, Lanterns), large, Observations.Of("d", 3, Bridges)];
        var isRefused = Differences.LongestKey < 40_000;

        var outcomes = await store.WriteAsync(papers, Token);

        Assert.Equal([false, isRefused, false], outcomes.Select(o => o.Refusal is not null));
        Assert.Equal(Expected(papers.Where(p => p != large || !isRefused)), await ExportAsync(store));
    }

    [Fact]
    public async Task An_export_shows_one_moment_whatever_is_written_meanwhile()
    {
        const int papers = 450;
        await using var store = await OpenAsync("moment");
        await using var writer = await OpenAsync("moment");
        var before = Enumerable.Range(1, papers).Select(n => Observations.Of("d", n, Title(n))).ToList();
        await writer.WriteAsync(before, Token);
        await Eventually.HoldsAsync(
            async () => await store.CountAsync(Token) == papers,
            "another sees all papers",
            Patience
        );

        var seen = new List<string>();
        await foreach (var document in store.ExportAsync(Token))
        {
            seen.Add(PaperJson.Write(document));
            if (seen.Count > 1)
                continue;
            // Papers that are last by their ids get ids that are first, and others are new.
            await writer.WriteAsync(
                [
                    .. Enumerable
                        .Range(1, papers)
                        .Select(n => Observations.Of("e", n, Title(n), arxiv: n % 2 == 0 ? null : $"2501.{n:00000}")),
                    .. Enumerable.Range(1, 50).Select(n => Observations.Of("f", n, $"A title that is new, number {n}")),
                ],
                Token
            );
            Assert.Equal(papers + 50, await writer.CountAsync(Token));
        }

        Assert.Equal(Expected(before), seen);

        static string Title(int n) => $"A long enough title about moments {n}";
    }
}
