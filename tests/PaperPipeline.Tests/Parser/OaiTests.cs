using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class OaiTests
{
    public const string Raw = """
        <record><header><identifier>oai:arXiv.org:2609.00001</identifier><datestamp>2026-09-21</datestamp><setSpec>cs:cs:KT</setSpec></header>
        <metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2609.00001</id><submitter>Ada Kettle</submitter>
        <version version="v1"><date>Tue, 01 Sep 2026 10:00:00 GMT</date><size>13kb</size><source_type>D</source_type></version>
        <version version="v2"><date>Sun, 20 Sep 2026 10:00:00 GMT</date><size>1kb</size><source_type>I</source_type></version>
        <title>Kettles in Bras\'\i lia</title><authors>Jos\'e Kettle (Kettle University), B.C.Lid and Carl Pot Jr.</authors><categories>cs.KT math.LD</categories>
        <comments>12 pages</comments><report-no>KU-7</report-no><msc-class>15A66</msc-class><acm-class>15A66</acm-class><journal-ref>J. Kettles 3</journal-ref>
        <doi>10.1234/Kettle</doi><license>http://creativecommons.org/licenses/by/4.0/</license><abstract>We put lids on kettles.</abstract></arXivRaw></metadata></record>
        """;

    private const string Arxiv = """
        <record><header><identifier>oai:arXiv.org:2609.00002</identifier><datestamp>2026-09-21</datestamp><setSpec>cs:cs:KT</setSpec></header>
        <metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2609.00002</id><created>2026-09-02</created><updated>2026-09-20</updated>
        <authors><author><keyname>da Silva</keyname><forenames>Ana</forenames><suffix>Jr</suffix><affiliation>University of Pots</affiliation></author><author><keyname>Consortium</keyname></author></authors>
        <title>Pots</title><categories>cs.KT</categories><comments>This paper has been withdrawn by the authors</comments><abstract>  Pots are round. </abstract></arXiv></metadata></record>
        """;

    private const string Dublin = """
        <record><header><identifier>oai:arXiv.org:2609.00003</identifier><datestamp>2026-09-21</datestamp><setSpec>physics:math-ph</setSpec><setSpec>math:math:MP</setSpec></header>
        <metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lids</dc:title>
        <dc:creator>Pot Jr, Carl</dc:creator><dc:creator>Lid, Bo</dc:creator><dc:subject>Mathematical Physics</dc:subject><dc:subject>15A66</dc:subject>
        <dc:description>Lids are flat.</dc:description><dc:description>3 pages</dc:description><dc:date>2026-09-03</dc:date><dc:date>2026-09-19</dc:date><dc:type>text</dc:type>
        <dc:identifier>http://arxiv.org/abs/2609.00003</dc:identifier><dc:identifier>J. Lids 4 (2026)</dc:identifier><dc:identifier>doi:10.1234/Lid</dc:identifier></oai_dc:dc></metadata></record>
        """;

    private const string Deleted =
        """<record><header status="deleted"><identifier>oai:arXiv.org:2609.00009</identifier><datestamp>2026-09-21</datestamp></header></record>""";

    public static readonly string Answer = Of(
        $"<ListRecords>{Raw}{Arxiv}{Dublin}{Deleted}<resumptionToken completeListSize='10' cursor='0'>abc</resumptionToken></ListRecords>"
    );

    private static string Of(string inner) =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ x">
              <responseDate>2026-09-22T02:35:00Z</responseDate>
              <request verb="ListRecords" metadataPrefix="arXivRaw">https://oaipmh.arxiv.org/oai</request>
              {inner}
            </OAI-PMH>
            """;

    [Fact]
    public void A_raw_record_of_arXiv_has_versions_and_all_its_fields()
    {
        var digest = Pages.Parse(Answer);
        var entry = digest.Entries()[0];

        Assert.Equal(("oai-pmh", new DateOnly(2026, 9, 22)), (digest.Shape, digest.Day));
        Assert.Empty(digest.Places());
        Assert.Equal(3, digest.Entries().Length);
        Assert.Equal((@"Kettles in Bras\'\i lia", "We put lids on kettles."), (entry.Title, entry.Abstract));
        Assert.Equal(["José Kettle", "B. C. Lid", "Carl Pot Jr."], entry.Authors);
        Assert.Equal(["Kettle University"], entry.Affiliations);
        Assert.Equal(new Identifiers { Arxiv = "2609.00001", Doi = "10.1234/kettle" }, entry.Identifiers);
        Assert.Equal(
            ("arxiv", 2, true, "Ada Kettle"),
            (entry.Source, entry.PaperVersion, entry.Withdrawn, entry.Submitter)
        );
        var (first, last) = (
            new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 9, 20, 10, 0, 0, TimeSpan.Zero)
        );
        Assert.Equal([first, last], entry.Versions!.Select(v => v.Date!.Value));
        Assert.Equal((first, last), (entry.PublishedAt, entry.UpdatedAt));
        Assert.Equal(["cs.KT", "math.LD"], entry.Categories);
        Assert.Equal(("12 pages", "J. Kettles 3"), (entry.Comments, entry.JournalRef));
        Assert.Equal("http://creativecommons.org/licenses/by/4.0/", entry.Licence);
        Assert.Equal(["msc-class", "report-no"], entry.Extra!.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_record_in_arXivs_own_format_has_names_in_parts()
    {
        var entry = Pages.Parse(Answer).Entries()[1];

        Assert.Equal(["Ana da Silva Jr", "Consortium"], entry.Authors);
        Assert.Equal(["University of Pots"], entry.Affiliations);
        Assert.Equal(("Pots are round.", true), (entry.Abstract, entry.Withdrawn));
        Assert.Equal(new DateTimeOffset(2026, 9, 2, 0, 0, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(new DateTimeOffset(2026, 9, 20, 0, 0, 0, TimeSpan.Zero), entry.UpdatedAt);
    }

    [Fact]
    public void A_record_in_Dublin_Core_has_comments_behind_its_abstract_and_categories_in_its_sets()
    {
        var entry = Pages.Parse(Answer).Entries()[2];

        Assert.Equal(["Carl Pot Jr", "Bo Lid"], entry.Authors);
        Assert.Equal(
            ("Lids are flat.", "3 pages", "J. Lids 4 (2026)"),
            (entry.Abstract, entry.Comments, entry.JournalRef)
        );
        Assert.Equal(new Identifiers { Arxiv = "2609.00003", Doi = "10.1234/lid" }, entry.Identifiers);
        Assert.Equal(["math-ph", "math.MP"], entry.Categories);
        Assert.Equal("Mathematical Physics; 15A66", entry.Extra!["subjects"]);
    }

    [Fact]
    public void The_date_of_a_later_version_is_no_date_of_publication()
    {
        var later = Of($"<GetRecord>{Arxiv.Replace("2026-09-02", "2026-10-12", StringComparison.Ordinal)}</GetRecord>");

        Assert.Null(Assert.Single(Pages.Parse(later).Entries()).PublishedAt);
    }

    [Fact]
    public void A_record_of_another_repository_goes_by_its_own_id()
    {
        var other = Of(
            """
            <GetRecord><record><header><identifier>oai:Repo.Example.org:17</identifier><datestamp>2026-09-21T10:00:00Z</datestamp></header><metadata>
            <dc xmlns="http://purl.org/dc/elements/1.1/"><title>Meadows</title><creator>Meadow, Mia</creator><subject>Grass</subject><description>Grass grows.</description>
            <source>J. Meadows 1</source><language>en</language><date>2020</date><rights>https://creativecommons.org/licenses/by/4.0/</rights><identifier>https://repo.example.org/17</identifier></dc></metadata></record></GetRecord>
            """
        );

        var entry = Assert.Single(Pages.Parse(other).Entries());

        Assert.Equal(("repo.example.org", "oai:Repo.Example.org:17"), (entry.Source, entry.OwnId));
        Assert.Equal(
            ("J. Meadows 1", "en", "Mia Meadow"),
            (entry.JournalRef, entry.Language, Assert.Single(entry.Authors!))
        );
        Assert.Equal("https://repo.example.org/17", Assert.Single(entry.Links!).Url);
    }

    [Theory]
    [InlineData("<error code='noRecordsMatch'>nothing</error>", null)]
    [InlineData(
        "<error code='badResumptionToken'>it is\n too old</error>",
        "the repository answered with an error: badResumptionToken: it is too old"
    )]
    [InlineData("<error code='badVerb'/>", "the repository answered with an error: badVerb")]
    [InlineData("", "the answer holds neither records nor an error")]
    [InlineData(
        "<ListIdentifiers><header><identifier>oai:x:1</identifier></header></ListIdentifiers>",
        "1 identifiers without their records: ask for ListRecords"
    )]
    [InlineData("<Identify><repositoryName>R</repositoryName></Identify>", "an answer to Identify holds no papers")]
    [InlineData("<ListRecords/>", "the answer holds neither records nor an error")]
    public void An_answer_without_records_says_why(string inner, string? reason)
    {
        var digest = Pages.Parse(Of(inner));

        Assert.Empty(digest.Entries());
        Assert.Equal(reason, digest.Places().SingleOrDefault()?.Reason);
    }

    [Theory]
    [InlineData("<resumptionToken>next</resumptionToken>", false)]
    [InlineData("<resumptionToken/>", false)]
    [InlineData("<resumptionToken completeListSize='5' cursor='4'/>", false)]
    [InlineData("<resumptionToken completeListSize='9' cursor='4'/>", true)]
    [InlineData("<resumptionToken completeListSize='9' cursor='4'>next</resumptionToken>", false)]
    [InlineData("<resumptionToken completeListSize='9' cursor='9'>next</resumptionToken>", true)]
    public void The_declared_size_of_a_list_is_compared_as_far_as_the_page_says(string token, bool differs)
    {
        var digest = Pages.Parse(Of($"<ListRecords>{Raw}{token}</ListRecords>"));

        Assert.Single(digest.Entries());
        Assert.Equal(differs ? ["declared count"] : [], digest.Places().Select(p => p.Position));
    }

    [Fact]
    public void A_format_that_is_not_read_and_a_record_without_a_title_are_reported_where_they_are()
    {
        var digest = Pages.Parse(
            Of(
                $"<ListRecords><record><header><identifier>oai:x:1</identifier></header><metadata><marc/></metadata></record>{Arxiv.Replace("<title>Pots</title>", "", StringComparison.Ordinal)}</ListRecords>"
            )
        );

        Assert.Equal(
            ["metadata in a format that is not read: marc", "a record without a title, or without an id"],
            digest.Places().Select(p => p.Reason)
        );
        Assert.StartsWith("element 3 (line ", digest.Places()[0].Position, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_at_any_byte_no_record_is_missing_in_silence() => Hostile.CutAnywhere(Answer);
}
