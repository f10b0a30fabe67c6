using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Similarity;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Similarity;

/// <summary>Recorded pairs of citations of which it is known whether they are one work. Figures: docs/quality.md.</summary>
public sealed class RecordedPairsTests
{
    [Theory]
    [InlineData("structured-DBLP-ACM.valid", 0.97, 0.98)]
    [InlineData("dirty-DBLP-ACM.valid", 0.97, 0.975)]
    [InlineData("structured-DBLP-GoogleScholar.valid", 0.945, 0.915)]
    [InlineData("dirty-DBLP-GoogleScholar.valid", 0.95, 0.90)]
    public void The_comparer_is_at_least_as_good_as_stated(string set, double precision, double f1)
    {
        var agreement = new Agreement();
        foreach (var pair in Pairs(set))
            agreement.Add(CitationComparer.Compare(pair.One, pair.Other).Same, pair.Same!.Value);

        Print(
            $"{set}: {agreement.Pairs} pairs, precision {agreement.Precision:0.000}, recall {agreement.Recall:0.000}, F1 {agreement.F1:0.000}"
        );
        Assert.InRange(agreement.Precision, precision, 1);
        Assert.InRange(agreement.F1, f1, 1);
    }

    /// <summary>Of works of one title, identity tells apart what is known to be different, as far as the records differ.</summary>
    [Theory]
    [InlineData("structured-DBLP-ACM.train", 1181, 2)]
    [InlineData("structured-DBLP-ACM.valid", 401, 0)]
    [InlineData("structured-DBLP-GoogleScholar.valid", 548, 0)]
    [InlineData("dirty-DBLP-ACM.train", 47, 0)]
    [InlineData("dirty-DBLP-ACM.valid", 19, 0)]
    [InlineData("dirty-DBLP-GoogleScholar.valid", 15, 0)]
    public void Identity_alone_merges_no_different_works(string set, int rightly, int alike)
    {
        var merged = Pairs(set)
            .Where(pair => Resolution.Resolve([Observe(pair.One, 1), Observe(pair.Other, 2)]).Count == 1)
            .ToLookup(pair => pair.Same!.Value);

        Print(
            $"{set}: {merged[true].Count()} pairs merged rightly, {merged[false].Count()} that are labelled as different"
        );
        Assert.Equal(rightly, merged[true].Count());
        // Nothing that the records say tells these apart.
        Assert.Equal(alike, merged[false].Count());
        Assert.All(
            merged[false],
            pair =>
            {
                Assert.Equal(pair.One.Title, pair.Other.Title);
                Assert.Equal(pair.One.Authors.Order(), pair.Other.Authors.Order());
                Assert.Equal(pair.One.Year, pair.Other.Year);
                Assert.EndsWith(pair.One.Venue, pair.Other.Venue, StringComparison.Ordinal);
            }
        );
    }

    private static IEnumerable<CitationPair> Pairs(string set)
    {
        using var file = File.OpenRead(Recorded.Path("data", "dedup", set + ".jsonl.gz"));
        foreach (var pair in CitationLines.Read(file))
            yield return pair;
    }

    private static Observation Observe(Citation citation, int ordinal) =>
        new()
        {
            Entry = new Entry
            {
                Digest = "d",
                Ordinal = ordinal,
                ParserVersion = 1,
                Source = "test",
                Title = citation.Title,
                Authors = citation.Authors,
                JournalRef = citation.Venue.Length == 0 ? null : citation.Venue,
                PublishedAt = citation.Year is { } year ? new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
                ObservedAt = DateTimeOffset.UnixEpoch,
                TraceId = new string('0', 32),
            },
            Enrichment = new Enrichment { Version = 1, Title = citation.Title },
        };

    private static void Print(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
