using System.Globalization;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Similarity;
using PaperPipeline.Storage.Text;
using PaperPipeline.Tests.Parser;

namespace PaperPipeline.Tests.Similarity;

/// <summary>Recorded pairs of citations of which it is known whether they are one work. Figures: docs/quality.md.</summary>
public sealed class RecordedPairsTests
{
    private static readonly string[] Forms = ["structured", "dirty"];
    private static readonly string[] Sets = ["DBLP-ACM.train", "DBLP-ACM.valid", "DBLP-GoogleScholar.valid"];

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

    /// <summary>
    /// Identity knows no years and venues: a work that appeared twice under one title, at a meeting and in a journal, is one
    /// paper. Nothing else may be merged.
    /// </summary>
    [Fact]
    public void Identity_merges_no_different_works_but_those_of_one_title()
    {
        foreach (var set in Forms.SelectMany(form => Sets.Select(s => $"{form}-{s}")))
        {
            var (merged, same) = (new List<CitationPair>(), 0);
            foreach (var pair in Pairs(set))
                if (Resolution.Resolve([Observe(pair.One, 1), Observe(pair.Other, 2)]).Count == 1)
                {
                    same += pair.Same!.Value ? 1 : 0;
                    if (!pair.Same.Value)
                        merged.Add(pair);
                }

            Print($"{set}: {same} pairs merged rightly, {merged.Count} of one title that are labelled as different");
            Assert.All(
                merged,
                pair =>
                {
                    var (one, other) = (Folding.Tokens(pair.One.Title), Folding.Tokens(pair.Other.Title));
                    Assert.Equal(Folding.TitleKey(one), Folding.TitleKey(other));
                    Assert.False(RecurringTitles.Is(one));
                }
            );
            Assert.InRange(merged.Count, 0, 1 + (same / 40));
        }
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
                ObservedAt = DateTimeOffset.UnixEpoch,
                TraceId = new string('0', 32),
            },
            Enrichment = new Enrichment { Version = 1, Title = citation.Title },
        };

    private static void Print(FormattableString line) =>
        TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
