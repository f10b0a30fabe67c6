using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Benchmarks;

/// <summary>Papers that are announced again and again, in other digests, beside the first time.</summary>
internal static class RepeatBenchmark
{
    private const int Times = 3;

    public static async Task RunAsync(Uri? server, Input input, int papers, int repeat)
    {
        using var digests = new TemporaryFolder();
        Digests.Write(digests.Path, input.Papers(papers), 100);
        var count = Directory.GetFiles(digests.Path).Length;
        var rounds = Enumerable
            .Range(0, Times)
            .Select(n => OnDay(Observations.Of(digests.Path, n * count), n))
            .ToList();
        var ratios = new List<double>();
        for (var turn = 0; turn < repeat; turn++)
        {
            using var folder = new TemporaryFolder();
            await using var store = await Stores.OpenAsync(server, folder);
            var times = new List<TimeSpan>();
            foreach (var round in rounds)
                times.Add(await Stores.WriteAsync(store, round));
            var documents = await store
                .ExportAsync(CancellationToken.None)
                .Where(d => d.Sightings.Count == Times)
                .CountAsync();
            var all = times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
            ratios.Add(Times * times[0] / all);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"first {Figures.Rate(papers, times[0])}, again {Figures.Rate(papers, times[1])}, once more {Figures.Rate(papers, times[2])}; {documents} documents with {Times} sightings; ratio {ratios[^1]:0.00}"
                )
            );
        }
        Console.WriteLine($"median of {repeat}: {Figures.Ratio(Figures.Median(ratios))}");
    }

    private static List<Observation> OnDay(List<Observation> papers, int day) =>
        papers.ConvertAll(p => p with { Entry = p.Entry with { Day = new DateOnly(2026, 1, 1 + day) } });
}
