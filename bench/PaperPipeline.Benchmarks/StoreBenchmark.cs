using System.Diagnostics;
using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Benchmarks;

/// <summary>The store alone beside the raw limit of the same documents.</summary>
internal static class StoreBenchmark
{
    public static async Task RunAsync(Input input, int papers, int repeat)
    {
        using var digests = new TemporaryFolder();
        Digests.Write(digests.Path, input.Papers(papers), 100);
        var observations = Observations.Of(digests.Path);
        var plain = Resolution.Resolve(observations).Select(g => Texts.Plain(Projection.Project(g))).ToList();
        var folded = plain.ConvertAll(t => t.Folded());
        var ratios = new List<double>();
        for (var turn = 0; turn < repeat; turn++)
        {
            var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            var time = await WriteAsync(observations);
            var allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / observations.Count;
            var bare = BareLoop.Run(folded);
            ratios.Add(bare / time);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"store {Figures.Rate(observations.Count, time)}, {allocated:#,0} bytes allocated a paper; bare loop {Figures.Rate(folded.Count, bare)}; ratio {ratios[^1]:0.00}"
                )
            );
        }
        Console.WriteLine($"median of {repeat}: {Figures.Ratio(Figures.Median(ratios))}");
    }

    private static async Task<TimeSpan> WriteAsync(List<Observation> observations)
    {
        using var folder = new TemporaryFolder();
        await using var store = SqliteStore.Open(folder.Below("papers.db"), write: true)!;
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in observations.Chunk(500))
            await store.WriteAsync(batch, CancellationToken.None);
        return Stopwatch.GetElapsedTime(started);
    }
}
