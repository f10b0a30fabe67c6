using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Benchmarks;

/// <summary>The whole program beside the raw limit of the same documents.</summary>
internal static class IngestBenchmark
{
    public static async Task RunAsync(Input input, int papers, int perDigest, int repeat, string program)
    {
        using var digests = new TemporaryFolder();
        Digests.Write(digests.Path, input.Papers(papers), perDigest);
        var (toFolded, toPlain) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < repeat; turn++)
        {
            using var data = new TemporaryFolder();
            var run = await CliRun.IngestAsync(program, digests.Path, data.Path);
            var plain = await DocumentsAsync(data.Path);
            var folded = plain.ConvertAll(t => t.Folded());
            var (bareFolded, barePlain) = (BareLoop.Run(folded), BareLoop.Run(plain));
            Console.WriteLine(run.Summary);
            Console.WriteLine(
                $"  ingest             {Figures.Rate(plain.Count, run.Elapsed)}, peak memory {Figures.Megabytes(run.PeakBytes)}"
            );
            Console.WriteLine($"  bare loop, folded  {Figures.Rate(folded.Count, bareFolded)}");
            Console.WriteLine($"  bare loop, plain   {Figures.Rate(plain.Count, barePlain)}");
            toFolded.Add(bareFolded / run.Elapsed);
            toPlain.Add(barePlain / run.Elapsed);
            Console.WriteLine(
                $"  ingest reaches {Figures.Ratio(toFolded[^1])} of the bare loop (folded), {Figures.Ratio(toPlain[^1])} (plain)"
            );
        }
        Console.WriteLine(
            $"median of {repeat}: {Figures.Ratio(Figures.Median(toFolded))} (folded), {Figures.Ratio(Figures.Median(toPlain))} (plain)"
        );
    }

    private static async Task<List<Texts>> DocumentsAsync(string dataDir)
    {
        var settings = PipelineSettings.Read(name => name == "DATA_DIR" ? dataDir : null);
        await using var store = SqliteStore.Open(settings.IndexFile, write: false)!;
        var documents = new List<Texts>();
        await foreach (var document in store.ExportAsync(CancellationToken.None))
            documents.Add(Texts.Plain(document));
        return documents;
    }
}
