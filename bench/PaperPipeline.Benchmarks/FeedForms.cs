using static PaperPipeline.Benchmarks.DigestForm;

namespace PaperPipeline.Benchmarks;

/// <summary>Feeds, and answers in XML.</summary>
internal static class FeedForms
{
    private static readonly string AuthorElements = string.Concat(
        Authors.Select(name => $"    <author>\n      <name>{name}</name>\n    </author>\n")
    );

    /// <summary>rss.arxiv.org, as RSS 2.0.</summary>
    public static DigestForm ArxivRss { get; } =
        new(
            _ =>
                """
                    <?xml version='1.0' encoding='UTF-8'?>
                    <rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
                    <title>cs.AI updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.AI</link><pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
                    """,
            (paper, id) =>
                $"""
                    <item>
                      <title>{Text(paper.Title)}</title>
                      <link>https://arxiv.org/abs/{id}</link>
                      <description>arXiv:{id}v1 Announce Type: new
                    Abstract: {Text(paper.Abstract)}</description>
                      <guid isPermaLink="false">oai:arXiv.org:{id}v1</guid>
                      <category>cs.AI</category>
                      <category>cs.CL</category>
                      <pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
                      <arxiv:announce_type>new</arxiv:announce_type>
                      <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
                      <dc:creator>{AuthorLine}</dc:creator>
                    </item>
                    """,
            "</channel></rss>"
        );

    /// <summary>rss.arxiv.org, as Atom.</summary>
    public static DigestForm ArxivAtom { get; } =
        new(
            _ =>
                """
                    <?xml version='1.0' encoding='UTF-8'?>
                    <feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">
                    <id>http://rss.arxiv.org/atom/cs.AI</id><title>cs.AI updates on arXiv.org</title><updated>2026-09-30T04:00:19+00:00</updated>
                    """,
            (paper, id) =>
                $"""
                      <entry>
                        <id>oai:arXiv.org:{id}v1</id>
                        <title>{Text(paper.Title)}</title>
                        <updated>2026-09-30T04:00:19.899254+00:00</updated>
                        <link href="https://arxiv.org/abs/{id}" rel="alternate" type="text/html"/>
                        <summary>arXiv:{id}v1 Announce Type: cross
                    Abstract: {Text(paper.Abstract)}</summary>
                        <category term="cs.CL"/>
                        <category term="cs.AI"/>
                        <published>2026-09-30T00:00:00-04:00</published>
                        <arxiv:announce_type>cross</arxiv:announce_type>
                        <dc:creator>{AuthorLine}</dc:creator>
                      </entry>
                    """,
            "</feed>"
        );

    /// <summary>An answer of arXiv's query API.</summary>
    public static DigestForm ArxivApi { get; } =
        new(
            count =>
                $"""
                    <?xml version='1.0' encoding='UTF-8'?>
                    <feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
                    <id>https://arxiv.org/api/x</id><title>arXiv Query: search_query=all:x&amp;start=0</title><updated>2026-09-30T22:00:00Z</updated>
                    <opensearch:itemsPerPage>{count}</opensearch:itemsPerPage><opensearch:totalResults>{count}</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
                    """,
            (paper, id) =>
                $"""
                      <entry>
                        <id>http://arxiv.org/abs/{id}v1</id>
                        <title>{Text(paper.Title)}</title>
                        <updated>2026-09-01T08:18:33Z</updated>
                        <link href="https://arxiv.org/abs/{id}v1" rel="alternate" type="text/html"/>
                        <link href="https://arxiv.org/pdf/{id}v1" rel="related" type="application/pdf" title="pdf"/>
                        <summary>{Text(paper.Abstract)}</summary>
                        <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
                        <published>2026-09-01T08:18:33Z</published>
                        <arxiv:comment>12 pages</arxiv:comment>
                        <arxiv:primary_category term="cs.AI"/>
                    {AuthorElements}  </entry>
                    """,
            "</feed>"
        );

    /// <summary>OAI-PMH with <c>arXivRaw</c>.</summary>
    public static DigestForm Oai { get; } =
        new(
            _ =>
                """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-09-30T02:35:00Z</responseDate><request verb="ListRecords">https://oaipmh.arxiv.org/oai</request><ListRecords>
                    """,
            (paper, id) =>
                $"""
                        <record>
                          <header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-09-21</datestamp><setSpec>cs:cs:AI</setSpec></header>
                          <metadata>
                            <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">
                              <id>{id}</id>
                              <submitter>{Authors[0]}</submitter>
                              <version version="v1"><date>Tue, 01 Sep 2026 10:00:00 GMT</date><size>13kb</size><source_type>D</source_type></version>
                              <title>{Text(paper.Title)}</title>
                              <authors>{AuthorLine}</authors>
                              <categories>cs.AI cs.CL</categories>
                              <comments>12 pages</comments>
                              <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
                              <abstract>{Text(paper.Abstract)}</abstract>
                            </arXivRaw>
                          </metadata>
                        </record>
                    """,
            "</ListRecords></OAI-PMH>"
        );

    /// <summary>RSS of a journal, with HTML.</summary>
    public static DigestForm Rss { get; } =
        new(
            _ =>
                """
                    <?xml version="1.0"?>
                    <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>A journal</title><link>https://journal.example/</link>
                    """,
            (paper, id) =>
                $"""
                    <item>
                      <title>{Text(paper.Title)}</title>
                      <link>https://journal.example/{id}</link>
                      <guid>https://journal.example/{id}</guid>
                      <description>&lt;p&gt;{Text(Text(paper.Abstract))}&lt;/p&gt;</description>
                      <dc:identifier>doi:10.1234/{id}</dc:identifier>
                      <pubDate>Wed, 30 Sep 2026 00:00:00 GMT</pubDate>
                      {string.Concat(Authors.Select(name => $"<dc:creator>{name}</dc:creator>"))}
                    </item>
                    """,
            "</channel></rss>"
        );
}
