namespace PaperPipeline.Benchmarks;

/// <summary>Rate and memory of the store for each tenth of many papers, beside the raw limit of the same tenth.</summary>
internal static class GrowthBenchmark
{
    private const int Parts = 10;
    private const int PerDigest = 500;

    public static async Task RunAsync(Uri server, Input input, int papers)
    {
        var prefix = Stores.NewPrefix();
        using var raw = new RawBulk(server, prefix);
        try
        {
            await using var store = await Stores.OpenAsync(server, prefix);
            var rawIndex = await raw.MakeIndexAsync();
            var written = 0;
            foreach (var part in input.Papers(papers).Chunk(papers / Parts))
            {
                var observations = Read(part, written / PerDigest);
                written += part.Length;
                var time = await Stores.WriteAsync(store, observations);
                var limit = await raw.SendAsync(rawIndex, RawBulk.Bodies(observations));
                observations = [];
                Console.WriteLine(
                    $"{Figures.Rate(part.Length, time)}; raw {Figures.Rate(part.Length, limit)}; ratio {Figures.Ratio(limit / time)}; {Figures.Megabytes(GC.GetTotalMemory(forceFullCollection: true))} live"
                );
            }
            Console.WriteLine($"{await store.CountAsync(CancellationToken.None)} papers");
        }
        finally
        {
            await raw.DeleteAsync();
        }
    }

    private static List<Contracts.Observation> Read(Paper[] papers, int earlier)
    {
        using var digests = new TemporaryFolder();
        Digests.Write(digests.Path, papers, PerDigest);
        return Observations.Of(digests.Path, earlier);
    }
}
