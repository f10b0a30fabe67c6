using System.Globalization;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>How fast the bands of papers are computed, and how many revised papers are found by them.</summary>
internal static class SimilarBenchmark
{
    private const int Asked = 1000;
    private const int Candidates = 100;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    /// <summary>Measures both on the papers.</summary>
    public static void Run(IReadOnlyList<Paper> papers)
    {
        Speed(papers);
        var index = new Dictionary<int, List<int>>();
        foreach (var (n, paper) in papers.Index())
        foreach (var band in PaperBands.Of(paper.Title, paper.Abstract))
            if (index.TryGetValue(band, out var bearers))
                bearers.Add(n);
            else
                index[band] = [n];
        var words = papers.SelectMany(p => p.Abstract.Split(' ')).Take(200_000).ToList();
        var revision = new Revision(words, seed: 1);
        Find("title revised, no abstract", p => new(revision.Retitle(p.Title), ""));
        Find(
            "title revised, 10 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.1))
        );
        Find(
            "title revised, 20 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.2))
        );
        Find(
            "title revised, 30 % of the abstract",
            p => new(revision.Retitle(p.Title), revision.Edit(p.Abstract, 0.3))
        );
        Find("title new, 10 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.1)));
        Find("title new, 20 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.2)));
        Find("title new, 30 % of the abstract", p => new(papers[^1].Title, revision.Edit(p.Abstract, 0.3)));

        void Find(string kind, Func<Paper, Paper> revise)
        {
            var (found, among, candidates) = (0, 0, 0L);
            var step = Math.Max(1, papers.Count / Asked);
            var asked = Enumerable.Range(0, papers.Count / step).Select(n => n * step).ToList();
            foreach (var n in asked)
            {
                var revised = revise(papers[n]);
                var shared = PaperBands
                    .Of(revised.Title, revised.Abstract.Length == 0 ? null : revised.Abstract)
                    .Where(index.ContainsKey)
                    .SelectMany(band => index[band])
                    .CountBy(bearer => bearer)
                    .OrderByDescending(c => c.Value)
                    .ThenBy(c => c.Key)
                    .ToList();
                candidates += shared.Count;
                var rank = shared.FindIndex(c => c.Key == n);
                (found, among) = (found + (rank >= 0 ? 1 : 0), among + (rank is >= 0 and < Candidates ? 1 : 0));
            }
            Write(
                $"{kind, -38} found {(double)found / asked.Count, 6:0.0 %}, among the first {Candidates} {(double)among / asked.Count, 6:0.0 %}, candidates {candidates / (double)asked.Count, 6:0.0}"
            );
        }
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
