using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json;

namespace PaperPipeline.Benchmarks;

/// <summary>Writes papers in the forms that sources send them in, with invented authors and identifiers.</summary>
internal static class DigestForms
{
    private static readonly string[] Authors = ["Ada Lantern", "Bo Harbour", "Cleo M. Bridge", "Dee Timetable"];

    /// <summary>The names of the forms and how the papers of one digest are written, the first of which has this number.</summary>
    public static IReadOnlyDictionary<string, Action<TextWriter, Paper[], int>> All { get; } =
        new Dictionary<string, Action<TextWriter, Paper[], int>>(StringComparer.Ordinal)
        {
            ["arxiv-rss"] = ArxivRss,
            ["arxiv-atom"] = ArxivAtom,
            ["arxiv-api"] = ArxivApi,
            ["oai-pmh"] = Oai,
            ["rss"] = Rss,
            ["json-feed"] = JsonFeed,
            ["semanticscholar"] = SemanticScholar,
            ["openalex"] = OpenAlex,
            ["crossref"] = Crossref,
        };

    private static string Id(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{1501 + (number / 100_000 % 12)}.{number % 100_000:00000}");

    private static string Text(string text) => SecurityElement.Escape(text);

    private static void Each(Paper[] papers, int first, Action<Paper, string> write)
    {
        for (var i = 0; i < papers.Length; i++)
            write(papers[i], Id(first + i));
    }

    private static void ArxivRss(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(
            """
            <?xml version='1.0' encoding='UTF-8'?>
            <rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
            <title>cs.AI updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.AI</link><pubDate>Wed, 30 Sep 2026 00:00:00 -0400</pubDate>
            """
        );
        Each(
            papers,
            first,
            (paper, id) =>
                to.WriteLine(
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
                      <dc:creator>{string.Join(", ", Authors)}</dc:creator>
                    </item>
                    """
                )
        );
        to.WriteLine("</channel></rss>");
    }

    private static void ArxivAtom(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(
            """
            <?xml version='1.0' encoding='UTF-8'?>
            <feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">
            <id>http://rss.arxiv.org/atom/cs.AI</id><title>cs.AI updates on arXiv.org</title><updated>2026-09-30T04:00:19+00:00</updated>
            """
        );
        Each(
            papers,
            first,
            (paper, id) =>
                to.WriteLine(
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
                        <dc:creator>{string.Join(", ", Authors)}</dc:creator>
                      </entry>
                    """
                )
        );
        to.WriteLine("</feed>");
    }

    private static void ArxivApi(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(
            $"""
            <?xml version='1.0' encoding='UTF-8'?>
            <feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
            <id>https://arxiv.org/api/x</id><title>arXiv Query: search_query=all:x&amp;start=0</title><updated>2026-09-30T22:00:00Z</updated>
            <opensearch:itemsPerPage>{papers.Length}</opensearch:itemsPerPage><opensearch:totalResults>{papers.Length}</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
            """
        );
        var authors = string.Concat(
            Authors.Select(name => $"    <author>\n      <name>{name}</name>\n    </author>\n")
        );
        Each(
            papers,
            first,
            (paper, id) =>
                to.WriteLine(
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
                    {authors}  </entry>
                    """
                )
        );
        to.WriteLine("</feed>");
    }

    private static void Oai(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-09-30T02:35:00Z</responseDate><request verb="ListRecords">https://oaipmh.arxiv.org/oai</request><ListRecords>
            """
        );
        Each(
            papers,
            first,
            (paper, id) =>
                to.WriteLine(
                    $"""
                        <record>
                          <header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-09-21</datestamp><setSpec>cs:cs:AI</setSpec></header>
                          <metadata>
                            <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">
                              <id>{id}</id>
                              <submitter>{Authors[0]}</submitter>
                              <version version="v1"><date>Tue, 01 Sep 2026 10:00:00 GMT</date><size>13kb</size><source_type>D</source_type></version>
                              <title>{Text(paper.Title)}</title>
                              <authors>{string.Join(", ", Authors)}</authors>
                              <categories>cs.AI cs.CL</categories>
                              <comments>12 pages</comments>
                              <license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
                              <abstract>{Text(paper.Abstract)}</abstract>
                            </arXivRaw>
                          </metadata>
                        </record>
                    """
                )
        );
        to.WriteLine("</ListRecords></OAI-PMH>");
    }

    private static void Rss(TextWriter to, Paper[] papers, int first)
    {
        to.WriteLine(
            """
            <?xml version="1.0"?>
            <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>A journal</title><link>https://journal.example/</link>
            """
        );
        Each(
            papers,
            first,
            (paper, id) =>
                to.WriteLine(
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
                    """
                )
        );
        to.WriteLine("</channel></rss>");
    }

    private static void JsonFeed(TextWriter to, Paper[] papers, int first) =>
        Json(
            to,
            papers,
            first,
            """{"version":"https://jsonfeed.org/version/1.1","title":"A journal","home_page_url":"https://journal.example/","items":[""",
            "]}",
            (json, paper, id) =>
            {
                json.WriteString("id", $"https://journal.example/{id}");
                json.WriteString("external_url", $"https://doi.org/10.1234/{id}");
                json.WriteString("title", paper.Title);
                json.WriteString("content_html", $"<p>{Text(paper.Abstract)}</p>");
                json.WriteString("date_published", "2026-09-30T00:00:00Z");
                Names(json, "authors", "name");
            }
        );

    private static void SemanticScholar(TextWriter to, Paper[] papers, int first) =>
        Json(
            to,
            papers,
            first,
            "[",
            "]",
            (json, paper, id) =>
            {
                json.WriteString("paperId", $"{first:0000000000}{id}");
                json.WriteStartObject("externalIds");
                json.WriteString("ArXiv", id);
                json.WriteEndObject();
                json.WriteString("title", paper.Title);
                json.WriteString("abstract", paper.Abstract);
                json.WriteString("publicationDate", "2026-09-01");
                json.WriteNumber("citationCount", 12);
                Names(json, "authors", "name");
            }
        );

    private static void OpenAlex(TextWriter to, Paper[] papers, int first) =>
        Json(
            to,
            papers,
            first,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"meta":{"count":{{papers.Length}},"page":1,"per_page":{{papers.Length}}},"results":["""
            ),
            "]}",
            (json, paper, id) =>
            {
                json.WriteString("id", $"https://openalex.org/W{first}{id}");
                json.WriteString("doi", $"https://doi.org/10.1234/{id}");
                json.WriteString("title", paper.Title);
                json.WriteString("publication_date", "2026-09-01");
                json.WriteStartArray("authorships");
                foreach (var name in Authors)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("author");
                    json.WriteString("display_name", name);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteStartObject("abstract_inverted_index");
                var words = paper.Abstract.Split(' ').Select((word, place) => (word, place));
                foreach (var word in words.GroupBy(w => w.word, w => w.place, StringComparer.Ordinal))
                {
                    json.WriteStartArray(word.Key);
                    foreach (var place in word)
                        json.WriteNumberValue(place);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }
        );

    private static void Crossref(TextWriter to, Paper[] papers, int first) =>
        Json(
            to,
            papers,
            first,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"status":"ok","message-type":"work-list","message":{"total-results":{{papers.Length}},"items-per-page":{{papers.Length}},"items":["""
            ),
            "]}}",
            (json, paper, id) =>
            {
                json.WriteString("DOI", $"10.1234/{id}");
                json.WriteStartArray("title");
                json.WriteStringValue(paper.Title);
                json.WriteEndArray();
                json.WriteString("abstract", $"<jats:p>{Text(paper.Abstract)}</jats:p>");
                Names(json, "author", "name");
            }
        );

    private static void Json(
        TextWriter to,
        Paper[] papers,
        int first,
        string before,
        string behind,
        Action<Utf8JsonWriter, Paper, string> write
    )
    {
        to.Write(before);
        var separator = "";
        Each(
            papers,
            first,
            (paper, id) =>
            {
                using var buffer = new MemoryStream();
                using (var json = new Utf8JsonWriter(buffer))
                {
                    json.WriteStartObject();
                    write(json, paper, id);
                    json.WriteEndObject();
                }

                to.Write(separator);
                to.Write(Encoding.UTF8.GetString(buffer.ToArray()));
                separator = ",\n";
            }
        );
        to.WriteLine(behind);
    }

    private static void Names(Utf8JsonWriter json, string list, string member)
    {
        json.WriteStartArray(list);
        foreach (var name in Authors)
        {
            json.WriteStartObject();
            json.WriteString(member, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
