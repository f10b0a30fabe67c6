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
    public void However_an_id_is_written_it_is_the_same_paper()
    {
        var group = Assert.Single(
            Resolution.Resolve([
                Observations.Of("a", 1, "One title of it, and long", arxiv: "2501.00001"),
                Observations.Of("b", 1, "Another title of it, and long", arxiv: "https://arxiv.org/pdf/2501.00001v3"),
                Observations.Of(
                    "c",
                    1,
                    "A third title of it, and long",
                    doi: "https://doi.org/10.48550/arXiv.2501.00001"
                ),
                Observations.Of(
                    "d",
                    1,
                    "A fourth title of it, and long",
                    arxiv: "arXiv:2501.00001v1",
                    doi: "10.1000/X"
                ),
                Observations.Of("e", 1, "A fifth title of it, and long", doi: "doi:10.1000/x"),
            ])
        );

        Assert.Equal(("arxiv:2501.00001", 5), (group.Id, group.Observations.Count));
        Assert.Equal(
            new Identifiers { Arxiv = "2501.00001", Doi = "10.1000/x" },
            Projection.Project(group).Identifiers
        );
    }

    [Theory]
    [InlineData("The Müller–Łukasiewicz estimator: a naïve ℓ₁ view")]
    [InlineData("M\\\"uller-{\\L}ukasiewicz estimator, a na\\\"{\\i}ve $\\ell_1$ view")]
    [InlineData("A MULLER LUKASIEWICZ ESTIMATOR - A NAIVE L1 VIEW.")]
    [InlineData("Mu\u0308ller\u2010Łukasiewicz   Estimator : a naive \u2113_1 view")]
    public void A_title_is_the_same_whatever_its_accents_tex_punctuation_case_and_article(string title) =>
        Assert.Equal(
            Keys.Of(Observations.Of("d", 1, "Muller Lukasiewicz estimator a naive l1 view"))[0],
            Keys.Of(Observations.Of("d", 1, title))[0]
        );

    [Theory]
    [InlineData("Ada King")]
    [InlineData("King, Ada")]
    [InlineData("A. B. KING")]
    [InlineData("Ada King, Jr.")]
    [InlineData("Ada King III")]
    public void A_short_title_with_its_first_author_is_a_key_however_the_name_is_written(string author)
    {
        Assert.Equal(Of("Ada King"), Of(author));
        Assert.NotEqual(Of("Ada Queen"), Of(author));

        static string Of(string author)
        {
            var brief = Observations.Of("d", 1, "Brief");
            return Assert.Single(Keys.Of(brief with { Entry = brief.Entry with { Authors = [author, "B C"] } })).Value;
        }
    }

    [Fact]
    public void An_own_id_leads_to_the_paper_that_an_identifier_gave_two_of_them()
    {
        Observation[] all =
        [
            Observations.Of("d", 1, "First long title for the ids", arxiv: "2501.00001", own: "x"),
            Observations.Of("d", 2, "Second long title for the ids", arxiv: "2501.00001", own: "y"),
            Observations.Of("d", 3, "Third long title for the ids", own: "x"),
            Observations.Of("d", 4, "Fourth long title for the ids", own: "y"),
        ];

        Assert.Equal(4, Assert.Single(Resolution.Resolve(all)).Observations.Count);
    }

    [Theory]
    [InlineData("https://arxiv.org/abs/2501.00001v2", "arxiv:2501.00001")]
    [InlineData("10.1000/X", "doi:10.1000/x")]
    [InlineData("https://openreview.net/forum?id=aB3_x-9Zkq", "openreview:aB3_x-9Zkq")]
    [InlineData("Brief", null)]
    public void What_a_person_types_is_a_key(string text, string? key) => Assert.Equal(key, Keys.OfText(text));

    [Fact]
    public void A_title_that_a_person_types_is_a_key() =>
        Assert.Equal(
            Keys.Of(Observations.Of("d", 1, Title))[0].Value,
            Keys.OfText("a long-enough title: about Lanterns")
        );

    [Fact]
    public void A_short_title_alone_is_no_key()
    {
        var groups = Resolution.Resolve([Observations.Of("d", 1, "Brief"), Observations.Of("d", 2, "Brief")]);

        Assert.Equal(["entry:d#1", "entry:d#2"], groups.Select(g => g.Id));
    }

    [Theory]
    [InlineData("Reminiscences on Influential Papers")]
    [InlineData("Guest Editors' Introduction to the Special Issue")]
    [InlineData("Book Review Column")]
    public void A_title_that_recurs_is_a_key_only_with_its_abstract(string title)
    {
        Observation Column(int ordinal, string? text)
        {
            var column = Observations.Of("d", ordinal, title, text: text);
            return column with { Entry = column.Entry with { Authors = ["Ada King"] } };
        }

        Assert.Empty(Keys.Of(Column(1, null)));
        Assert.Null(Keys.OfText(title));
        Assert.Equal(2, Resolution.Resolve([Column(1, "One."), Column(2, "Another."), Column(3, "One.")]).Count);
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
                        Assert.True(Distinct(group, o => Keys.Identifiers(o)?.Arxiv) <= 1);
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

    [Theory]
    [InlineData("Ada King; Bo Lee", "Tides 2018", "King, A.", "Journal of Lanterns 7 (2019), 1-9")] // two publications
    [InlineData("Ada King; Bo Lee", null, "Cy Ray; Di Sol", null)] // other people
    [InlineData("Ada King; Bo Lee", "Tides 2018", "Cy Ray; Di Sol", "Tides 2019")]
    [InlineData(null, "VLDB 2019", null, "SIGMOD Record (2019)")] // a meeting, and another one's periodical
    public void Of_one_title_are_two_works(string? authors, string? venue, string? otherAuthors, string? otherVenue) =>
        Assert.Equal(2, Resolution.Resolve([By(1, authors, venue), By(2, otherAuthors, otherVenue)]).Count);

    [Theory]
    [InlineData("Ada King; Bo Lee", "Tides 2018", "A King", null)] // a preprint
    [InlineData("Ada King; Bo Lee", "Tides 2018", null, "Conference on Tides, 2019")] // put online the year before
    [InlineData("Ada King; Bo Lee", "Tides 2018", "B. Lee", "Journal of Lanterns, 2018")]
    [InlineData("Ada King; Bo Lee", null, "King Ada", null)]
    [InlineData("Jiawei Han; Yongjian Fu", null, "Han J; Fu Y", null)]
    [InlineData("Ada King; Bo Lee", "Tides 2018", "Misread Line", "TIDES, 2018")] // in one place it is one work
    [InlineData("Ada King; Bo Lee", null, "The Lantern Team", null)]
    [InlineData("Ada King; Bo Lee", null, "Nobody", null)]
    [InlineData("Ada King; Bo Lee", "arXiv:2501.00001 (2018)", "A. King", "Journal of Lanterns (2019)")]
    [InlineData(null, "SIGMOD Conference 2019", null, "SIGMOD Record, 2019")] // which holds the proceedings
    [InlineData(null, "Tides 2018, 1999-2019", null, "Journal of Lanterns (2017)")] // pages or years
    public void Of_one_title_is_one_work(string? authors, string? venue, string? otherAuthors, string? otherVenue) =>
        Assert.Single(Resolution.Resolve([By(1, authors, venue), By(2, otherAuthors, otherVenue)]));

    [Fact]
    public void Where_a_title_has_several_works_each_has_all_that_is_said_of_it()
    {
        Observation[] all =
        [
            By(1, "Ada King", "Tides 2018"),
            By(2, "A. King; B. Lee", "Journal of Lanterns 7 (2019)"),
            By(3, "King, Ada", null),
            By(4, "Cy Ray", "Tides 2020"),
            By(5, null, null),
            By(6, null, "J. Lanterns 2019"),
            By(7, "Ada King", null),
            By(8, "C Ray", null),
            By(9, null, null),
        ];

        var works = Resolution.Resolve(all.Reverse()).Select(g => g.Observations.Select(o => o.Entry.Ordinal));

        Assert.Equal(["1", "2 6", "3 7", "4 8", "5 9"], works.Select(w => string.Join(' ', w)).Order());
    }

    [Fact]
    public void What_an_identifier_joins_is_one_paper_wherever_and_by_whomever_it_was_published()
    {
        Observation With(Observation paper, string? arxiv, string? doi) =>
            paper with
            {
                Entry = paper.Entry with
                {
                    Identifiers = new Identifiers { Arxiv = arxiv, Doi = doi },
                },
            };

        var group = Assert.Single(
            Resolution.Resolve([
                With(By(1, "Ada King", "Tides 2018"), null, "10.1/a"),
                With(By(2, "Cy Ray", "Journal of Lanterns 7 (2019)"), "2501.00001", "10.1/a"),
                By(3, "A. King", "Tides 2018"),
                By(4, "C. Ray", "Journal of Lanterns, 2019"),
            ])
        );

        Assert.Equal(("arxiv:2501.00001", 4), (group.Id, group.Observations.Count));
    }

    [Fact]
    public void The_date_of_a_preprint_is_no_year_of_publication()
    {
        var preprint = By(1, null, "Tides");
        preprint = preprint with
        {
            Entry = preprint.Entry with
            {
                Identifiers = new Identifiers { Arxiv = "2501.00001" },
                PublishedAt = new DateTimeOffset(2018, 5, 1, 0, 0, 0, TimeSpan.Zero),
            },
        };

        Assert.Single(Resolution.Resolve([preprint, By(2, null, "Journal of Lanterns (2019)")]));
    }

    [Fact]
    public void Each_paper_is_one_by_itself_too() =>
        Observations
            .Any.List[0, 14]
            .Sample(
                list =>
                {
                    foreach (var group in Resolution.Resolve(list))
                        Assert.Single(Resolution.Resolve(group.Observations));
                },
                iter: 1000
            );

    private static Observation By(int ordinal, string? authors, string? venue)
    {
        var paper = Observations.Of("d", ordinal, Title);
        return paper with { Entry = paper.Entry with { Authors = authors?.Split("; "), JournalRef = venue } };
    }

    internal static List<string> Export(IEnumerable<Observation> all) =>
        [.. Resolution.Resolve(all).Select(g => PaperJson.Write(Projection.Project(g)))];
}
