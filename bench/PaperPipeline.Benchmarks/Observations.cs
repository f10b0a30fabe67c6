using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Parser;

namespace PaperPipeline.Benchmarks;

/// <summary>Reads and enriches digests in this process, as the stages do.</summary>
internal static class Observations
{
    /// <summary>The observations of all digests of a folder.</summary>
    /// <param name="folder">The digests.</param>
    /// <param name="earlier">How many digests came before, so that each has an id of its own.</param>
    public static List<Observation> Of(string folder, int earlier = 0)
    {
        var (parser, enricher) = (new DigestParser(), new EntryEnricher());
        var observations = new List<Observation>();
        var number = earlier;
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var context = new DigestContext
            {
                Digest = (++number).ToString("x64", CultureInfo.InvariantCulture),
                RetrievedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                TraceId = number.ToString("x32", CultureInfo.InvariantCulture),
            };
            foreach (var item in parser.Parse(() => File.OpenRead(path), context).Items)
                if (item is ParsedEntry { Entry: var entry })
                    observations.Add(new Observation { Entry = entry, Enrichment = enricher.Enrich(entry) });
        }
        return observations;
    }
}
