using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Feeds;

namespace PaperPipeline.Tests.Parser;

public sealed class FeedTests
{
    public const string Rss = """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
             xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
          <channel>
            <title>Journal of Kettles &amp; Lids</title>
            <link>https://www.kettles.example/journal</link>
            <description>Newest articles</description>
            <atom:link href="https://www.kettles.example/feed" rel="self" type="application/rss+xml"/>
            <lastBuildDate>Wed, 30 Sep 2026 06:00:00 GMT</lastBuildDate>
            <image><title>Logo</title><url>https://kettles.example/logo.png</url><link>https://kettles.example</link></image>
            <item>
              <title>On the Mending of Kettles with Tin</title>
              <link>https://www.kettles.example/article/17</link>
              <guid isPermaLink="false">kettles-17</guid>
              <description>&lt;p&gt;We mend kettles with tin &amp;amp; copper, and count how many lids fit H&lt;sub&gt;2&lt;/sub&gt;O.&lt;/p&gt;&lt;p&gt;All fit.&lt;/p&gt;</description>
              <dc:creator>Ada U. Thor</dc:creator>
              <dc:creator>Writer, Bo</dc:creator>
              <prism:doi>10.1234/Kettles.17</prism:doi>
              <prism:publicationName>J. Kettles</prism:publicationName>
              <prism:volume>4</prism:volume>
              <prism:number>2</prism:number>
              <prism:startingPage>17</prism:startingPage>
              <prism:endingPage>29</prism:endingPage>
              <category>Tin</category>
              <category>Copper</category>
              <dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
              <dc:language>en-GB</dc:language>
              <pubDate>Tue, 29 Sep 2026 22:30:00 GMT</pubDate>
              <enclosure url="https://www.kettles.example/article/17.pdf" type="application/pdf" length="1"/>
            </item>
            <item>
              <title>A new way to fold lanterns</title>
              <link>https://arxiv.org/abs/2609.00002v3</link>
              <description>In the post we look at lanterns that […]</description>
              <author>somebody@kettles.example (Cleo Post)</author>
              <pubDate>Mon, 28 Sep 2026 08:00:00 +0200</pubDate>
            </item>
          </channel>
        </rss>
        """;

    public const string Atom = """
        <?xml version="1.0"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://lab.example/blog/">
          <title>The lab's blog</title>
          <link href="https://lab.example/blog/"/>
          <link rel="self" href="feed.atom"/>
          <updated>2026-09-30T10:00:00Z</updated>
          <id>tag:lab.example,2026:blog</id>
          <entry>
            <title type="html">Why &lt;em&gt;harbours&lt;/em&gt; count tides twice</title>
            <link href="harbours.html"/>
            <link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/"/>
            <id>tag:lab.example,2026:harbours</id>
            <published>2026-09-27T23:30:00-05:00</published>
            <updated>2026-09-29T10:00:00Z</updated>
            <author><name>Dee Harbour</name><email>dee@lab.example</email></author>
            <author><name>Eve Tide</name></author>
            <category term="tides"/>
            <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">We count <b>tides</b> twice, since <i>a &lt; b</i> once in a while. See arXiv:2609.99999.</div></summary>
          </entry>
          <entry>
            <title>Reviews of a paper about sparrows</title>
            <link href="https://openreview.net/forum?id=sPaRrOw123"/>
            <id>tag:lab.example,2026:sparrows</id>
            <updated>2026-09-29T10:00:00Z</updated>
            <content type="html">&lt;p&gt;The sparrows of the paper are counted at dawn.&lt;/p&gt;</content>
          </entry>
        </feed>
        """;

    public const string Json = """
        {
          "version": "https://jsonfeed.org/version/1.1",
          "title": "Ledgers weekly",
          "items": [
            {
              "id": "https://ledgers.example/7", "url": "https://ledgers.example/7",
              "external_url": "https://doi.org/10.5555/LEDGER.7",
              "title": "Ledgers that balance themselves",
              "content_html": "<p>They balance, <em>because</em> they are written twice &amp; read once.</p>",
              "date_published": "2026-09-26T08:00:00+02:00", "date_modified": "2026-09-27T08:00:00Z",
              "authors": [{"name": "Flo Ledger"}, {"name": "Gus Pebble", "url": "https://gus.example"}],
              "tags": ["ledgers", "balance"], "language": "en"
            },
            { "id": 8, "url": "https://ledgers.example/8", "title": "Pebbles", "summary": "Pebbles are small, and there are many of them.", "author": {"name": "Hal"} }
          ],
          "home_page_url": "https://www.ledgers.example/"
        }
        """;

    private static Entry[] Read(string feed) => Pages.Parse(feed).Entries();

    private static string Item(string inner) =>
        $"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>F</title><link>https://f.example/</link><item><title>A paper about kettles</title>{inner}</item></channel></rss>";

    [Fact]
    public void An_article_of_an_RSS_feed_has_all_that_the_feed_says_of_it()
    {
        var digest = Pages.Parse(Rss);
        var entry = digest.Entries()[0];

        Assert.Equal(("feed", new DateOnly(2026, 9, 30)), (digest.Shape, digest.Day));
        Assert.Empty(digest.Places());
        Assert.Equal("kettles.example", entry.Source);
        Assert.Equal("On the Mending of Kettles with Tin", entry.Title);
        Assert.Equal("We mend kettles with tin & copper, and count how many lids fit H2O. All fit.", entry.Abstract);
        Assert.Equal(["Ada U. Thor", "Bo Writer"], entry.Authors);
        Assert.Equal(new Identifiers { Doi = "10.1234/kettles.17" }, entry.Identifiers);
        Assert.Null(entry.OwnId);
        Assert.Equal("J. Kettles 4(2), 17-29", entry.JournalRef);
        Assert.Equal(["Tin", "Copper"], entry.Categories);
        Assert.Equal("https://creativecommons.org/licenses/by/4.0/", entry.Licence);
        Assert.Equal("en-GB", entry.Language);
        Assert.Equal(new DateTimeOffset(2026, 9, 29, 22, 30, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(new DateOnly(2026, 9, 29), entry.Day);
        Assert.Equal(
            [
                new Link { Url = "https://www.kettles.example/article/17", Kind = "paper" },
                new Link { Url = "https://www.kettles.example/article/17.pdf", Kind = "paper" },
            ],
            entry.Links
        );
    }

    [Theory]
    [InlineData(Rss, "https://www.kettles.example/journal")]
    [InlineData(Atom, "https://lab.example/blog/")]
    [InlineData(Json, "https://www.ledgers.example/")]
    public void A_feed_whose_host_is_no_name_is_read(string feed, string address)
    {
        var digest = Pages.Parse(feed.Replace(address, "https://www.le\uFFFDgers.example/", StringComparison.Ordinal));

        Assert.Equal(Read(feed).Select(e => e.Title), digest.Entries().Select(e => e.Title));
        Assert.DoesNotContain(digest.Places(), place => place.Reason.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public void A_post_that_links_to_a_paper_is_about_that_paper_and_its_snippet_is_no_abstract()
    {
        var post = Read(Rss)[1];

        Assert.Equal(("2609.00002", 3), (post.Identifiers!.Arxiv, post.PaperVersion));
        Assert.Null(post.Abstract);
        Assert.Equal("In the post we look at lanterns that […]", post.Extra!["snippet"]);
        Assert.Equal(["Cleo Post"], post.Authors);
    }

    [Fact]
    public void An_Atom_entry_has_all_that_the_feed_says_of_it_and_no_identity_from_its_text()
    {
        var entries = Read(Atom);

        Assert.Equal("Why harbours count tides twice", entries[0].Title);
        Assert.Equal("We count tides twice, since a < b once in a while. See arXiv:2609.99999.", entries[0].Abstract);
        Assert.Equal(["Dee Harbour", "Eve Tide"], entries[0].Authors);
        Assert.Null(entries[0].Identifiers);
        Assert.Equal(("lab.example", "tag:lab.example,2026:harbours"), (entries[0].Source, entries[0].OwnId));
        Assert.Equal("https://lab.example/blog/harbours.html", Assert.Single(entries[0].Links!).Url);
        Assert.Equal("https://creativecommons.org/publicdomain/zero/1.0/", entries[0].Licence);
        Assert.Equal(new DateTimeOffset(2026, 9, 28, 4, 30, 0, TimeSpan.Zero), entries[0].PublishedAt);
        Assert.Equal(new DateTimeOffset(2026, 9, 29, 10, 0, 0, TimeSpan.Zero), entries[0].UpdatedAt);
        Assert.Equal("sPaRrOw123", entries[1].Identifiers!.Openreview);
        Assert.Equal("The sparrows of the paper are counted at dawn.", entries[1].Abstract);
    }

    [Fact]
    public void A_JSON_feed_is_read_with_what_it_says_of_itself_at_its_end()
    {
        var digest = Pages.Parse(Json);
        var entries = digest.Entries();

        Assert.Equal("json-feed", digest.Shape);
        Assert.All(entries, e => Assert.Equal("ledgers.example", e.Source));
        Assert.Equal("10.5555/ledger.7", entries[0].Identifiers!.Doi);
        Assert.Equal("They balance, because they are written twice & read once.", entries[0].Abstract);
        Assert.Equal(["Flo Ledger", "Gus Pebble"], entries[0].Authors);
        Assert.Equal(["ledgers", "balance"], entries[0].Categories);
        Assert.Equal(new DateOnly(2026, 9, 26), entries[0].Day);
        Assert.Equal(("8", "Hal"), (entries[1].OwnId, Assert.Single(entries[1].Authors!)));
    }

    [Theory]
    // RSS 0.91 with a DOCTYPE, 1.0 with another prefix, 0.90, Atom 0.3, an entry alone, CDF.
    [InlineData(
        "<!DOCTYPE rss PUBLIC '-//N//DTD' 'http://localhost:1/x.dtd'><rss version='0.91'><channel><title>F</title><item><title>T &eacute;</title></item></channel></rss>",
        "T é"
    )]
    [InlineData(
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:x='http://purl.org/rss/1.0/'><x:channel><x:title>F</x:title><x:items><r:Seq><r:li r:resource='u'/></r:Seq></x:items></x:channel><x:item r:about='u'><x:title>T</x:title></x:item></r:RDF>",
        "T"
    )]
    [InlineData(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>F</title></channel><item><title>T</title></item></rdf:RDF>",
        "T"
    )]
    [InlineData(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>F</title><entry><title type='text/html' mode='escaped'>&lt;b&gt;T&lt;/b&gt;</title></entry></feed>",
        "T"
    )]
    [InlineData("<entry xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>urn:x</id></entry>", "T")]
    [InlineData(
        "<CHANNEL HREF='http://c.example/'><TITLE>F</TITLE><ITEM HREF='http://c.example/1'><TITLE>T</TITLE></ITEM></CHANNEL>",
        "T"
    )]
    [InlineData("<rss><channel><item><dc:title>T</dc:title></item></channel></rss>", "T")]
    [InlineData(
        "<rss><channel><item><TiTlE>Q&A with R&D &nosuch; &#146;</TiTlE></item></channel></rss>",
        "Q&A with R&D &nosuch; ’"
    )]
    public void Feeds_of_all_versions_are_read(string xml, string title)
    {
        var digest = Pages.Parse(xml);

        Assert.Equal("feed", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(title, Assert.Single(digest.Entries()).Title);
    }

    [Theory]
    [InlineData("<dc:creator>King, Ada</dc:creator>", "Ada King")]
    [InlineData("<dc:creator>King, A., Li, B. C.</dc:creator>", "A. King|B. C. Li")]
    [InlineData("<dc:creator>Ada King, Bo Li and Cy Xu</dc:creator>", "Ada King|Bo Li|Cy Xu")]
    [InlineData("<author>ada@f.example (Ada King)</author>", "Ada King")]
    [InlineData("<author>Ada King &lt;ada@f.example&gt;</author>", "Ada King")]
    [InlineData("<author>ada@f.example</author>", "")]
    [InlineData("<dc:creator>King, Ada</dc:creator><dc:creator>Li, Bo</dc:creator>", "Ada King|Bo Li")]
    public void Authors_are_names_without_addresses(string inner, string names) =>
        Assert.Equal(
            names.Split('|', StringSplitOptions.RemoveEmptyEntries),
            Assert.Single(Read(Item(inner))).Authors ?? []
        );

    [Fact]
    public void Long_rows_of_one_sign_or_word_are_looked_through_once()
    {
        var (letters, dots) = (new string('a', 200_000), new string('.', 200_000));
        var entry = Assert.Single(
            Read(
                Item($"<author>{letters}</author><description>One two three four five six seven {dots} x</description>")
            )
        );

        Assert.Equal(letters, Assert.Single(entry.Authors!));
        Assert.StartsWith("One two three", entry.Abstract, StringComparison.Ordinal);

        var suffixes = string.Concat(Enumerable.Repeat(", Jr.", 40_000));
        var names = Assert.Single(Read(Item($"<dc:creator>Ada King{suffixes}</dc:creator>"))).Authors!;
        Assert.StartsWith("Ada King, Jr., Jr.", names[0], StringComparison.Ordinal);
        Assert.All(names, name => Assert.InRange(name.Length, 1, 1000));
    }

    [Theory]
    [InlineData("<guid>https://doi.org/10.1234/AB</guid>", null, "10.1234/ab", null)]
    [InlineData("<link>https://arxiv.org/pdf/hep-th/9901001v2</link>", "hep-th/9901001", null, null)]
    [InlineData("<guid>oai:arXiv.org:2609.00001v1</guid>", "2609.00001", null, null)]
    [InlineData(
        "<dc:identifier>doi:10.1234/AB</dc:identifier><link>https://f.example/1</link>",
        null,
        "10.1234/ab",
        null
    )]
    [InlineData("<guid isPermaLink='false'>2609.00001</guid>", null, null, "2609.00001")]
    [InlineData(
        "<link>https://f.example/1</link><description>See https://arxiv.org/abs/2609.00001 about this.</description>",
        null,
        null,
        "https://f.example/1"
    )]
    [InlineData("<link>/papers/1</link>", null, null, "https://f.example/papers/1")]
    public void The_identity_of_an_entry_is_its_own(string inner, string? arxiv, string? doi, string? own)
    {
        var entry = Pages
            .Parse(Item(inner), Pages.Context with { Name = "https://f.example/feeds/all.xml" })
            .Entries()
            .Single();

        Assert.Equal((arxiv, doi, own), (entry.Identifiers?.Arxiv, entry.Identifiers?.Doi, entry.OwnId));
    }

    [Theory]
    [InlineData("/a", "http://h.example/x/", "http://h.example/a")]
    [InlineData("a", "http://h.example/x/", "http://h.example/x/a")]
    [InlineData("https://o.example/a", "http://h.example/x/", "https://o.example/a")]
    [InlineData("a", "sub/", "a")]
    [InlineData("a", null, "a")]
    [InlineData("a", "file.xml", "a")]
    public void An_address_is_resolved_from_what_is_an_address(string value, string? around, string resolved) =>
        Assert.Equal(resolved, FeedAddress.Resolve(value, around));

    [Fact]
    public void A_base_that_is_relative_itself_leads_from_the_one_around_it() =>
        Assert.Equal("http://h.example/x/sub/a", FeedAddress.Resolve("a", "sub/", "http://h.example/x/"));

    [Fact]
    public void What_no_feed_has_is_reported_and_so_is_an_entry_without_a_title()
    {
        var digest = Pages.Parse(
            "<rss><channel><title>F</title><article><title>Lost</title></article><item><link>https://f.example/1</link></item><item><title>Found</title></item></channel></rss>"
        );

        Assert.Equal("Found", Assert.Single(digest.Entries()).Title);
        Assert.Equal(
            [
                ("element 2 (line 1)", "no element of a feed: article"),
                ("element 3 (line 1)", "an entry without a title"),
            ],
            digest.Places().Select(p => (p.Position, p.Reason))
        );
    }

    [Theory]
    [InlineData("<rss version='2.0'/>", 1)]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'></feed>", 1)]
    [InlineData("<rss version='2.0'><channel><title>Quiet</title></channel></rss>", 0)]
    public void A_feed_without_entries_is_a_quiet_one_if_it_says_what_it_is(string feed, int places)
    {
        var digest = Pages.Parse(feed);

        Assert.Equal("feed", digest.Shape);
        Assert.Equal(places, digest.Items.Count());
    }

    [Fact]
    public void The_list_of_RSS_1_0_is_compared_with_its_entries()
    {
        const string feed =
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>F</title><items><rdf:Seq><rdf:li rdf:resource='a'/><rdf:li rdf:resource='b'/></rdf:Seq></items></channel><item rdf:about='a'><title>A</title></item></rdf:RDF>";

        var place = Assert.Single(Pages.Parse(feed).Places());

        Assert.Equal(("declared count", "the feed lists 2 entries; 1 were read"), (place.Position, place.Reason));
    }

    [Theory]
    [InlineData(Rss)]
    [InlineData(Atom)]
    [InlineData(Json)]
    public void Cut_at_any_byte_no_entry_is_missing_in_silence(string feed) => Hostile.CutAnywhere(feed);

    [Fact]
    public void Entities_that_a_feed_declares_end_the_reading_behind_the_entries_before()
    {
        var bomb =
            "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><rss><channel><item><title>One</title></item><item><title>&b;</title></item></channel></rss>";

        var digest = Pages.Parse(bomb);

        Assert.Equal("One", Assert.Single(digest.Entries()).Title);
        Assert.Contains("undeclared entity", Assert.Single(digest.Places()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso-8859-2")]
    [InlineData("windows-1251")]
    [InlineData("gb2312")]
    [InlineData("euc-kr")]
    [InlineData("utf-16")]
    [InlineData("utf-32BE")]
    public void The_encoding_that_a_feed_declares_counts(string name)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var title = name switch
        {
            "windows-1251" => "Чайники",
            "gb2312" => "水壶",
            "euc-kr" => "주전자",
            _ => "Łódź",
        };
        byte[] bytes =
        [
            .. encoding.GetPreamble(),
            .. encoding.GetBytes(
                $"<?xml version='1.0' encoding='{name}'?><rss><channel><item><title>{title}</title></item></channel></rss>"
            ),
        ];

        Assert.Equal(title, Assert.Single(Pages.Parse(bytes).Entries()).Title);
    }

    [Theory]
    [InlineData("a &lt; b and c", "a < b and c")]
    [InlineData("a < b and c > d", "a < b and c > d")]
    [InlineData("a <b>bold</b> one", "a bold one")]
    [InlineData("if a<b then c>d", "if a<b then c>d")]
    [InlineData("tom &amp; jerry", "tom & jerry")]
    [InlineData("tom & jerry", "tom & jerry")]
    [InlineData("<p>one</p><p>two</p><script>three()</script>", "one two")]
    public void What_is_HTML_is_told_by_its_tags_and_entities(string value, string plain) =>
        Assert.Equal(plain, FeedText.Guess(value).Plain);
}
