using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;
using PaperPipeline.Storage.Index.Sqlite;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>Six recorded days of arXiv, in which papers come again: in order, in reverse, and all at once.</summary>
public sealed class ArxivDaysTests : IAsyncDisposable
{
    private static readonly string[] Days =
    [
        "2025-03-21",
        "2025-03-22",
        "2025-04-17",
        "2025-06-09",
        "2025-08-25",
        "2025-11-10",
    ];

    private readonly SearchServer _server = new();
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Documents_are_the_distinct_ids_and_the_same_in_every_order(bool onServer)
    {
        var days = Days.Select(Read).ToList();
        var all = days.SelectMany(d => d).ToList();
        var ids = all.Select(o => PaperIds.Arxiv(o.Entry.Identifiers!.Arxiv!)).Distinct().Count();
        if (onServer)
            SearchServer.Require();

        await using var ordered = await OpenAsync(onServer, "ordered");
        var counts = new List<long>();
        foreach (var day in days)
        {
            await WriteAsync(ordered, day);
            counts.Add(await ordered.CountAsync(Token));
        }
        await using var reversed = await OpenAsync(onServer, "reversed");
        foreach (var day in days.AsEnumerable().Reverse())
            await WriteAsync(reversed, day.AsEnumerable().Reverse());
        await using var atOnce = await OpenAsync(onServer, "at-once");
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async worker =>
                {
                    var mine = all.Chunk(50).Where((_, n) => n % 4 == worker).SelectMany(chunk => chunk);
                    if (!onServer)
                    {
                        await WriteAsync(atOnce, mine);
                        return;
                    }
                    await using var other = await OpenAsync(onServer, "at-once");
                    await WriteAsync(other, mine);
                })
        );

        Assert.Equal(counts[0], counts[1]);
        Assert.Equal(ids, counts[^1]);
        var expected = PaperStoreConformance.Expected(all);
        Assert.Equal(ids, expected.Count);
        Assert.Equal(expected, await PaperStoreConformance.ExportAsync(ordered));
        Assert.Equal(expected, await PaperStoreConformance.ExportAsync(reversed));
        Assert.Equal(expected, await PaperStoreConformance.ExportAsync(atOnce));
    }

    private async Task<IPaperStore> OpenAsync(bool onServer, string name) =>
        onServer
            ? (
                await ElasticsearchStore.OpenAsync(
                    new ElasticsearchOptions { Nodes = [SearchServer.Url!], Prefix = $"{_server.Prefix}{name}-" },
                    write: true,
                    TimeProvider.System,
                    Token
                )
            )!
            : SqliteStore.Open(Path.Combine(_folder.Path, name + ".db"), write: true)!;

    private static async Task WriteAsync(IPaperStore store, IEnumerable<Observation> papers)
    {
        foreach (var batch in papers.Chunk(200))
            await store.WriteAsync(batch, Token);
    }

    private static List<Observation> Read(string day)
    {
        var enricher = new EntryEnricher();
        var papers = new List<Observation>();
        foreach (var line in File.ReadLines(RecordedData.File("arxiv-daily", "days", day + ".jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var paper = json.RootElement;
            var entry = new Entry
            {
                Digest = day,
                Ordinal = papers.Count + 1,
                ParserVersion = 1,
                Source = "arxiv",
                Title = paper.GetProperty("title").GetString()!,
                Abstract = paper.GetProperty("summary").GetString(),
                Authors = [.. paper.GetProperty("authors").EnumerateArray().Select(a => a.GetString()!)],
                // As an address, which is the same id.
                Identifiers = new Identifiers { Arxiv = paper.GetProperty("abs").GetString() },
                Day = DateOnly.ParseExact(day, "yyyy-MM-dd", null),
                ObservedAt = DateTimeOffset.Parse(day + "T00:00:00Z", null),
                TraceId = new string('0', 31) + "1",
            };
            papers.Add(new Observation { Entry = entry, Enrichment = enricher.Enrich(entry) });
        }
        return papers;
    }
}
