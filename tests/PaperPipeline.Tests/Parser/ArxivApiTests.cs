using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class ArxivApiTests
{
    public static readonly string Answer = Of(
        "search_query=all:kettle&amp;id_list=&amp;start=0&amp;max_results=2",
        7,
        0,
        2,
        """
        <entry>
          <id>http://arxiv.org/abs/2609.00001v3</id>
          <title>Kettles with
          $n$ Lids</title>
          <updated>2026-09-20T10:00:00Z</updated>
          <link href="https://arxiv.org/abs/2609.00001v3" rel="alternate" type="text/html"/>
          <link href="https://arxiv.org/pdf/2609.00001v3" rel="related" type="application/pdf" title="pdf"/>
          <link href="https://doi.org/10.1234/Kettle" rel="related" title="doi"/>
          <summary>  We put $n$ lids on a kettle.
        They fit.</summary>
          <category term="cs.KT" scheme="http://arxiv.org/schemas/atom"/>
          <category term="math.LD" scheme="http://arxiv.org/schemas/atom"/>
          <published>2026-09-01T10:00:00Z</published>
          <arxiv:comment>12 pages, 3 lids</arxiv:comment>
          <arxiv:primary_category term="math.LD"/>
          <arxiv:journal_ref>J. Kettles 3 (2026)</arxiv:journal_ref>
          <arxiv:doi>10.1234/Kettle</arxiv:doi>
          <author><name>Andr\'e Kettle</name><arxiv:affiliation>Kettle University</arxiv:affiliation></author>
          <author><name>Bo Lid</name></author>
        </entry>
        """,
        """
        <entry><id>http://arxiv.org/abs/math/0309136v1</id><title>Old Lids</title><updated>2003-09-08T10:00:00Z</updated>
        <summary>Lids were old then.</summary><published>2003-09-08T10:00:00Z</published><arxiv:comment>This paper has been withdrawn</arxiv:comment>
        <author><name>C. Lid</name></author></entry>
        """
    );

    private static string Of(string question, int total, int start, int size, params string[] entries) =>
        $"""
            <?xml version='1.0' encoding='UTF-8'?>
            <feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
              <id>https://arxiv.org/api/abcdefgh</id>
              <title>arXiv Query: {question}</title>
              <updated>2026-09-30T22:00:00Z</updated>
              <link href="https://arxiv.org/api/query?x" type="application/atom+xml"/>
              <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
              <opensearch:totalResults>{total}</opensearch:totalResults>
              <opensearch:startIndex>{start}</opensearch:startIndex>
              {string.Concat(entries)}
            </feed>
            """;

    private static string Paper(string id) =>
        $"<entry><id>http://arxiv.org/abs/{id}</id><title>A Paper about {id}</title><summary>Text.</summary></entry>";

    [Fact]
    public void A_paper_has_all_that_the_answer_says_of_it()
    {
        var digest = Pages.Parse(Answer);
        var entry = digest.Entries()[0];

        Assert.Equal("arxiv-api", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(
            ("Kettles with $n$ Lids", "We put $n$ lids on a kettle. They fit."),
            (entry.Title, entry.Abstract)
        );
        Assert.Equal(["André Kettle", "Bo Lid"], entry.Authors);
        Assert.Equal(["Kettle University"], entry.Affiliations);
        Assert.Equal(new Identifiers { Arxiv = "2609.00001", Doi = "10.1234/kettle" }, entry.Identifiers);
        Assert.Equal(3, entry.PaperVersion);
        var (first, last) = (
            new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 9, 20, 10, 0, 0, TimeSpan.Zero)
        );
        Assert.Equal((first, last), (entry.PublishedAt, entry.UpdatedAt));
        Assert.Equal(
            [new PaperVersion { Version = 1, Date = first }, new PaperVersion { Version = 3, Date = last }],
            entry.Versions
        );
        Assert.Equal(["cs.KT", "math.LD"], entry.Categories);
        Assert.Equal("math.LD", entry.Extra!["primaryCategory"]);
        Assert.Equal(("12 pages, 3 lids", "J. Kettles 3 (2026)"), (entry.Comments, entry.JournalRef));
        Assert.Equal(3, entry.Links!.Count);
        Assert.Null(entry.Withdrawn);
    }

    [Fact]
    public void A_paper_of_an_old_archive_may_be_withdrawn()
    {
        var entry = Pages.Parse(Answer).Entries()[1];

        Assert.Equal(("math/0309136", 1, true), (entry.Identifiers!.Arxiv, entry.PaperVersion, entry.Withdrawn));
    }

    [Fact]
    public void An_error_is_no_paper()
    {
        var digest = Pages.Parse(
            Of(
                "",
                1,
                0,
                1,
                "<entry><id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title><summary>incorrect id format for kettle</summary><author><name>arXiv api core</name></author></entry>"
            )
        );

        Assert.Empty(digest.Entries());
        Assert.Equal(
            "arXiv answered with an error: incorrect id format for kettle",
            Assert.Single(digest.Places()).Reason
        );
    }

    [Theory]
    [InlineData(7, 0, 2, null)]
    [InlineData(7, 5, 10, null)]
    [InlineData(7, 0, 10, "of 7 results the page should hold 7 from 0 on; 2 were read")]
    [InlineData(1, 0, 10, "of 1 results the page should hold 1 from 0 on; 2 were read")]
    public void The_declared_count_is_compared_as_far_as_the_page_says(int total, int start, int size, string? reason)
    {
        var digest = Pages.Parse(
            Of($"search_query=x&amp;start={start}", total, start, size, Paper("2609.00001v1"), Paper("2609.00002v1"))
        );

        Assert.Equal(2, digest.Entries().Length);
        Assert.Equal(reason, digest.Places().SingleOrDefault()?.Reason);
    }

    [Fact]
    public void An_id_that_was_asked_for_and_is_not_there_is_reported()
    {
        var digest = Pages.Parse(
            Of(
                "search_query=&amp;id_list=2609.00001v1,2609.00002,2609.00003&amp;start=0&amp;max_results=100",
                2,
                0,
                100,
                Paper("2609.00001v1"),
                Paper("2609.00003v2")
            )
        );

        Assert.Equal("id 2609.00002", Assert.Single(digest.Places()).Position);
    }

    [Fact]
    public void Cut_at_any_byte_no_paper_is_missing_in_silence() => Hostile.CutAnywhere(Answer);
}
