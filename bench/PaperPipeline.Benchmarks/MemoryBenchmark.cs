using System.Globalization;

namespace PaperPipeline.Benchmarks;

/// <summary>Peak memory of the program for few and for many papers.</summary>
internal static class MemoryBenchmark
{
    /// <summary>Papers of a small ingest; a large one has four times as many.</summary>
    public const int Few = 15_000;
    private const int Many = 4 * Few;

    public static async Task RunAsync(Input input, int repeat, string program)
    {
        foreach (var perDigest in (int[])[100, Few])
        {
            var peaks = new List<(long Few, long Many)>();
            for (var turn = 0; turn < repeat; turn++)
                peaks.Add(
                    (await PeakAsync(input, Few, perDigest, program), await PeakAsync(input, Many, perDigest, program))
                );
            foreach (var (few, many) in peaks)
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"digests of {perDigest:#,0}: {Few:#,0} papers {Figures.Megabytes(few)}, {Many:#,0} papers {Figures.Megabytes(many)}, ratio {(double)many / few:0.00}"
                    )
                );
        }
    }

    private static async Task<long> PeakAsync(Input input, int papers, int perDigest, string program)
    {
        using var digests = new TemporaryFolder();
        using var data = new TemporaryFolder();
        Digests.Write(digests.Path, input.Papers(papers), perDigest);
        var run = await CliRun.IngestAsync(program, digests.Path, data.Path);
        Console.WriteLine($"  {run.Summary}: {Figures.Rate(papers, run.Elapsed)}, {Figures.Megabytes(run.PeakBytes)}");
        return run.PeakBytes;
    }
}
