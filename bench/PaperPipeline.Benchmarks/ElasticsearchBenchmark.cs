using System.Globalization;
using PaperPipeline.Contracts;

namespace PaperPipeline.Benchmarks;

/// <summary>
/// The store in a search server, and the whole program, beside the raw limit of the same documents on the same warm
/// server: papers with one key (a title) and with two (an arXiv id too).
/// </summary>
internal static class ElasticsearchBenchmark
{
    public static async Task RunAsync(Uri server, Input input, int papers, int perDigest, int repeat, string program)
    {
        using var digests = new TemporaryFolder();
        Digests.Write(digests.Path, input.Papers(papers), perDigest);
        var oneKey = Observations.Of(digests.Path);
        var twoKeys = oneKey.Select(WithArxiv).ToList();
        // The first turn warms the server up.
        for (var turn = 0; turn <= repeat; turn++)
        {
            Console.WriteLine(turn == 0 ? "warm-up:" : $"turn {turn}:");
            await CompareAsync(server, "one key ", oneKey);
            await CompareAsync(server, "two keys", twoKeys);
            await ProgramAsync(server, oneKey, digests.Path, program);
        }
    }

    private static async Task CompareAsync(Uri server, string name, List<Observation> observations)
    {
        var prefix = Stores.NewPrefix();
        using var raw = new RawBulk(server, prefix);
        try
        {
            var bodies = RawBulk.Bodies(observations);
            await using var store = await Stores.OpenAsync(server, prefix);
            var limit = await raw.SendAsync(await raw.MakeIndexAsync(), bodies);
            var time = await Stores.WriteAsync(store, observations);
            var first = await raw.WritesAsync(prefix);
            await using var later = await Stores.OpenAsync(server, prefix);
            var again = await Stores.WriteAsync(later, observations);
            var second = await raw.WritesAsync(prefix) - first;
            limit = (limit + await raw.SendAsync(await raw.MakeIndexAsync(), bodies)) / 2;
            var perPaper = ((double)first / observations.Count).ToString("0.00", CultureInfo.InvariantCulture);
            Console.WriteLine(
                $"  {name}: store {Figures.Rate(observations.Count, time)}; raw {Figures.Rate(observations.Count, limit)}; ratio {Figures.Ratio(limit / time)}; {perPaper} writes a paper; second pass {Figures.Rate(observations.Count, again)}, {second} writes"
            );
        }
        finally
        {
            await raw.DeleteAsync();
        }
    }

    private static async Task ProgramAsync(Uri server, List<Observation> observations, string digests, string program)
    {
        var prefix = Stores.NewPrefix();
        using var raw = new RawBulk(server, prefix);
        using var data = new TemporaryFolder();
        try
        {
            var run = await CliRun.IngestAsync(
                program,
                digests,
                data.Path,
                ("PAPERPIPELINE_INDEX", server.ToString()),
                ("PAPERPIPELINE_INDEX_PREFIX", prefix)
            );
            var limit = await raw.SendAsync(await raw.MakeIndexAsync(), RawBulk.Bodies(observations));
            Console.WriteLine(
                $"  program : {Figures.Rate(observations.Count, run.Elapsed)}, peak memory {Figures.Megabytes(run.PeakBytes)}; raw {Figures.Rate(observations.Count, limit)}; ratio {Figures.Ratio(limit / run.Elapsed)}"
            );
        }
        finally
        {
            await raw.DeleteAsync();
        }
    }

    private static Observation WithArxiv(Observation observation, int number) =>
        observation with
        {
            Entry = observation.Entry with
            {
                Identifiers = new Identifiers
                {
                    Arxiv = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{2001 + number / 90_000:0000}.{10_000 + number % 90_000}"
                    ),
                },
            },
        };
}
