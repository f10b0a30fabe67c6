using System.Diagnostics;
using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>
/// How fast the bands of papers are computed, and how many revised papers are among those that a store finds alike.
/// </summary>
internal static class SimilarBenchmark
{
    private const int Asked = 400;
    private const int Candidates = 200;
    private static readonly EntryEnricher Enricher = new();
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    /// <summary>Measures both on the papers, the second in SQLite or on a server.</summary>
    public static async Task RunAsync(Uri? server, IReadOnlyList<Paper> papers)
    {
        Speed(papers);
        using var folder = new TemporaryFolder();
        await using var store = await Stores.OpenAsync(server, folder);
        await Stores.WriteAsync(store, [.. papers.Select(Observe)]);
        var words = papers.SelectMany(p => p.Abstract.Split(' ')).Take(200_000).ToList();
        var revision = new Revision(words, seed: 1);
        await FindAsync("title revised, no abstract", p => new(revision.Retitle(p.Title), ""));
        await FindAsync(
            "title revised, 10 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.1))
        );
        await FindAsync(
            "title revised, 20 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.2))
        );
        await FindAsync(
            "title revised, 30 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.3))
        );
        await FindAsync("title new, 10 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.1)));
        await FindAsync("title new, 20 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.2)));
        await FindAsync("title new, 30 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.3)));

        async Task FindAsync(string kind, Func<Paper, Paper> revise)
        {
            var (found, candidates, time) = (0, 0L, TimeSpan.Zero);
            var step = Math.Max(1, papers.Count / Asked);
            var asked = Enumerable.Range(0, papers.Count / step).Select(n => n * step).ToList();
            foreach (var n in asked)
            {
                var (title, text) = revise(papers[n]);
                var started = Stopwatch.GetTimestamp();
                var alike = await store.FindAlikeAsync(
                    title,
                    text.Length == 0 ? null : text,
                    Candidates,
                    CancellationToken.None
                );
                time += Stopwatch.GetElapsedTime(started);
                candidates += alike.Count;
                if (alike.Any(paper => paper.Observations.Any(o => o.Entry.Ordinal == n + 1)))
                    found++;
            }
            Write(
                $"{kind, -38} among the first {Candidates} {(double)found / asked.Count, 6:0.0 %}, candidates {candidates / (double)asked.Count, 6:0.0}, {time.TotalMilliseconds / asked.Count:0.0} ms"
            );
        }
    }

    private static Observation Observe(Paper paper, int index)
    {
        var entry = new Entry
        {
            Digest = "1",
            Ordinal = index + 1,
            ParserVersion = 1,
            Source = "benchmark",
            Title = paper.Title,
            Abstract = paper.Abstract.Length == 0 ? null : paper.Abstract,
            ObservedAt = DateTimeOffset.UnixEpoch,
            TraceId = "",
        };
        return new() { Entry = entry, Enrichment = Enricher.Enrich(entry) };
    }

    private static void Speed(IReadOnlyList<Paper> papers)
    {
        foreach (var paper in papers)
            PaperBands.Of(paper.Title, paper.Abstract);
        var (done, started) = (0L, Environment.CpuUsage.TotalTime);
        while (Environment.CpuUsage.TotalTime - started < Least)
            foreach (var paper in papers)
            {
                PaperBands.Of(paper.Title, paper.Abstract);
                done++;
            }
        Write(
            $"bands of {done / (Environment.CpuUsage.TotalTime - started).TotalSeconds:#,0} papers/s of processor time"
        );
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
