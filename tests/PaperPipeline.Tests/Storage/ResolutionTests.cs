using CsCheck;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Tests.Storage;

public sealed class ResolutionTests
{
    private const string Title = "A long enough title about lanterns";

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void A_title_borne_by_two_arxiv_papers_links_nothing_in_any_order(int a, int b, int c)
    {
        Observation[] all =
        [
            Observations.Of("d", 1, Title, arxiv: "2501.00001"),
            Observations.Of("d", 2, Title),
            Observations.Of("d", 3, Title, arxiv: "2501.00002"),
        ];

        var groups = Resolution.Resolve([all[a], all[b], all[c]]);

        Assert.Equal(3, groups.Count);
        Assert.Equal("arxiv:2501.00001", groups[0].Id);
        Assert.Equal("arxiv:2501.00002", groups[1].Id);
        Assert.StartsWith("title:", groups[2].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_title_seen_with_one_arxiv_id_is_that_paper()
    {
        var groups = Resolution.Resolve([
            Observations.Of("d", 1, Title),
            Observations.Of("e", 1, Title, arxiv: "2501.00001"),
        ]);

        Assert.Equal("arxiv:2501.00001", Assert.Single(groups).Id);
    }

    [Fact]
    public void A_doi_does_not_chain_two_arxiv_papers_together()
    {
        var groups = Resolution.Resolve([
            Observations.Of("d", 1, "First long title for the chain", arxiv: "2501.00001", doi: "10.1/a"),
            Observations.Of("d", 2, Title, doi: "10.1/a"),
            Observations.Of("d", 3, Title, arxiv: "2501.00002"),
        ]);

        Assert.DoesNotContain(
            groups,
            g =>
                g.Observations.Select(o => o.Entry.Identifiers?.Arxiv)
                    .Where(a => a is not null)
                    .Distinct(StringComparer.Ordinal)
                    .Count() > 1
        );
    }

    [Fact]
    public void A_short_title_alone_is_no_key()
    {
        var groups = Resolution.Resolve([Observations.Of("d", 1, "Brief"), Observations.Of("d", 2, "Brief")]);

        Assert.Equal(["entry:d#1", "entry:d#2"], groups.Select(g => g.Id));
    }

    [Fact]
    public void Order_and_repetition_do_not_matter()
    {
        Gen.Select(Observations.Any.List[0, 12], Gen.Int)
            .Sample(
                (list, seed) =>
                {
                    var shuffled = new List<Observation>([.. list, .. list.Take(5)]);
                    for (var i = shuffled.Count - 1; i > 0; i--)
                    {
                        var j = (int)(((uint)seed * 2654435761u + (uint)i * 40503u) % (uint)(i + 1));
                        (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
                    }
                    Assert.Equal(Export(list), Export(shuffled));
                },
                iter: 1000
            );
    }

    [Fact]
    public void Different_arxiv_ids_and_own_ids_of_one_source_never_become_one_paper_and_ids_are_unique()
    {
        Observations
            .Any.List[0, 14]
            .Sample(
                list =>
                {
                    var groups = Resolution.Resolve(list);
                    Assert.Equal(groups.Count, groups.Select(g => g.Id).Distinct(StringComparer.Ordinal).Count());
                    foreach (var group in groups)
                    {
                        Assert.True(Distinct(group, o => o.Entry.Identifiers?.Arxiv) <= 1);
                        // Only an identifier, which is stronger than a source's own ids, may unite two of those.
                        if (group.Observations.All(o => o.Entry.Identifiers is null))
                            Assert.True(Distinct(group, o => o.Entry.OwnId) <= 1);
                    }
                },
                iter: 1000
            );

        static int Distinct(PaperGroup group, Func<Observation, string?> id) =>
            group.Observations.Select(id).OfType<string>().Distinct(StringComparer.Ordinal).Count();
    }

    internal static List<string> Export(IEnumerable<Observation> all) =>
        [.. Resolution.Resolve(all).Select(g => PaperJson.Write(Projection.Project(g)))];
}
