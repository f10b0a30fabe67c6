using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class ArxivFeedTests
{
    public const string Rss = """
        <?xml version='1.0' encoding='UTF-8'?>
        <rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">
          <channel>
            <title>cs.KT updates on arXiv.org</title>
            <link>http://rss.arxiv.org/rss/cs.KT</link>
            <description>cs.KT updates on the arXiv.org e-print archive.</description>
            <atom:link href="http://rss.arxiv.org/rss/cs.KT" rel="self" type="application/rss+xml"/>
            <docs>http://www.rssboard.org/rss-specification</docs>
            <language>en-us</language>
            <lastBuildDate>Wed, 30 Sep 2026 04:00:21 +0000</lastBuildDate>
            <managingEditor>rss-help@arxiv.org</managingEditor>
            <pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
            <skipDays><day>Saturday</day><day>Sunday</day></skipDays>
            <item>
              <title>Folding $n &lt; m$ Lanterns in \'Evora</title>
              <link>https://arxiv.org/abs/2609.00001</link>
              <description>arXiv:2609.00001v1 Announce Type: new
        Abstract: We fold $n &lt; m$ lanterns, and say &lt;b&gt; as it is.</description>
              <guid isPermaLink="false">oai:arXiv.org:2609.00001v1</guid>
              <category>cs.KT</category>
              <category>math.LN</category>
              <pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
              <arxiv:announce_type>new</arxiv:announce_type>
              <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
              <dc:creator>Andr\'e Lantern, Bo Fold (University of Folds), Carl Paper, Jr.</dc:creator>
              <arxiv:DOI>10.1234/Fold.1</arxiv:DOI>
              <arxiv:journal_reference>J. Folds 1 (2026) 1-9</arxiv:journal_reference>
            </item>
            <item>
              <title>Kettles</title>
              <link>https://arxiv.org/abs/hep-th/9901001</link>
              <description>arXiv:hep-th/9901001v4 Announce Type: replace-cross
        Abstract: This paper has been withdrawn by the author due to a crack in the lid.</description>
              <guid isPermaLink="false">oai:arXiv.org:hep-th/9901001v4</guid>
              <category>hep-th</category>
              <arxiv:announce_type>replace-cross</arxiv:announce_type>
              <dc:creator>D. Lid</dc:creator>
            </item>
          </channel>
        </rss>
        """;

    public const string Atom = """
        <?xml version='1.0' encoding='UTF-8'?>
        <feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
          <id>http://rss.arxiv.org/atom/cs.KT</id>
          <title>cs.KT updates on arXiv.org</title>
          <updated>2026-09-30T04:00:19.866337+00:00</updated>
          <link href="http://rss.arxiv.org/atom/cs.KT" rel="self" type="application/atom+xml"/>
          <subtitle>cs.KT updates on the arXiv.org e-print archive.</subtitle>
          <entry>
            <id>oai:arXiv.org:2609.00003v2</id>
            <title>Harbours and Tides</title>
            <updated>2026-09-30T04:00:19.899254+00:00</updated>
            <link href="https://arxiv.org/abs/2609.00003" rel="alternate" type="text/html"/>
            <summary>arXiv:2609.00003v2 Announce Type: cross
        Abstract: Tides come and go.</summary>
            <category term="cs.KT"/>
            <published>2026-09-30T00:00:00-04:00</published>
            <arxiv:announce_type>cross</arxiv:announce_type>
            <dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>
            <dc:creator>Eve Tide, Fay Harbour</dc:creator>
          </entry>
        </feed>
        """;

    [Fact]
    public void An_announcement_in_RSS_has_all_its_fields()
    {
        var digest = Pages.Parse(Rss);
        var entry = digest.Entries()[0];

        Assert.Equal(("arxiv-feed", new DateOnly(2026, 9, 30)), (digest.Shape, digest.Day));
        Assert.Empty(digest.Places());
        Assert.Equal(@"Folding $n < m$ Lanterns in \'Evora", entry.Title);
        Assert.Equal("We fold $n < m$ lanterns, and say <b> as it is.", entry.Abstract);
        Assert.Equal(["André Lantern", "Bo Fold", "Carl Paper, Jr."], entry.Authors);
        Assert.Equal(["University of Folds"], entry.Affiliations);
        Assert.Equal(new Identifiers { Arxiv = "2609.00001", Doi = "10.1234/fold.1" }, entry.Identifiers);
        Assert.Equal(("arxiv", 1, "new"), (entry.Source, entry.PaperVersion, entry.AnnounceType));
        Assert.Equal(["cs.KT", "math.LN"], entry.Categories);
        Assert.Equal("J. Folds 1 (2026) 1-9", entry.JournalRef);
        Assert.Equal("http://creativecommons.org/licenses/by/4.0/", entry.Licence);
        Assert.Equal(new DateOnly(2026, 9, 30), entry.Day);
        Assert.Null(entry.PublishedAt);
        Assert.Null(entry.UpdatedAt);
    }

    [Fact]
    public void An_announcement_in_Atom_has_all_its_fields()
    {
        var entry = Assert.Single(Pages.Parse(Atom).Entries());

        Assert.Equal("Tides come and go.", entry.Abstract);
        Assert.Equal(["Eve Tide", "Fay Harbour"], entry.Authors);
        Assert.Equal(("2609.00003", 2, "cross"), (entry.Identifiers!.Arxiv, entry.PaperVersion, entry.AnnounceType));
        Assert.Equal("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", entry.Licence);
        Assert.Equal(new DateOnly(2026, 9, 30), entry.Day);
    }

    [Fact]
    public void A_replacement_that_was_withdrawn_says_so()
    {
        var entry = Pages.Parse(Rss).Entries()[1];

        Assert.Equal(("hep-th/9901001", 4), (entry.Identifiers!.Arxiv, entry.PaperVersion));
        Assert.Equal(("replace-cross", true), (entry.AnnounceType, entry.Withdrawn));
    }

    [Fact]
    public void The_feed_of_the_years_before_2024_has_id_and_type_in_its_titles()
    {
        var digest = Pages.Parse(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">
            <channel rdf:about="http://export.arxiv.org/rss/cs.KT"><title>cs.KT updates on arXiv.org</title><link>http://export.arxiv.org/rss/cs.KT</link>
            <dc:date>2023-03-02T20:30:00-05:00</dc:date><items><rdf:Seq><rdf:li rdf:resource="http://arxiv.org/abs/2303.00001"/></rdf:Seq></items></channel>
            <item rdf:about="http://arxiv.org/abs/2303.00001"><title>Pebbles on a Beach. (arXiv:2303.00001v2 [cs.KT] UPDATED)</title>
            <link>http://arxiv.org/abs/2303.00001</link><description rdf:parseType="Literal">&lt;p&gt;We count pebbles.&lt;/p&gt;</description>
            <dc:creator>&lt;a href="http://arxiv.org/find/cs/1/au:+A"&gt;Ann Pebble&lt;/a&gt;, &lt;a href="x"&gt;Ben Beach&lt;/a&gt;</dc:creator></item></rdf:RDF>
            """
        );
        var entry = Assert.Single(digest.Entries());

        Assert.Empty(digest.Places());
        Assert.Equal(("Pebbles on a Beach", "We count pebbles."), (entry.Title, entry.Abstract));
        Assert.Equal(("2303.00001", 2, "replace"), (entry.Identifiers!.Arxiv, entry.PaperVersion, entry.AnnounceType));
        Assert.Equal(["Ann Pebble", "Ben Beach"], entry.Authors);
        Assert.Equal(["cs.KT"], entry.Categories);
    }

    [Fact]
    public void A_day_without_papers_is_no_failure_but_an_error_is()
    {
        var empty = Rss[..Rss.IndexOf("<item>", StringComparison.Ordinal)] + "</channel></rss>";

        Assert.Empty(Pages.Parse(empty).Items);
        var place = Assert.Single(
            Pages
                .Parse(
                    empty
                        .Replace(
                            "cs.KT updates on arXiv.org",
                            "Feed error for query \"cs.XX\"",
                            StringComparison.Ordinal
                        )
                        .Replace(
                            "cs.KT updates on the arXiv.org e-print archive.",
                            "Bad archive 'cs.XX'.",
                            StringComparison.Ordinal
                        )
                )
                .Places()
        );
        Assert.Equal("arXiv answered with an error: Bad archive 'cs.XX'.", place.Reason);
    }

    [Theory]
    [InlineData(Rss)]
    [InlineData(Atom)]
    public void Cut_at_any_byte_no_paper_is_missing_in_silence(string feed) => Hostile.CutAnywhere(feed);
}
