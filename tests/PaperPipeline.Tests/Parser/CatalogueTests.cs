using PaperPipeline.Contracts;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class CatalogueTests
{
    private const string ScholarPaper = """
        {"paperId":"0123456789abcdef0123456789abcdef01234567","externalIds":{"ArXiv":"2609.00001","DOI":"10.48550/arXiv.2609.00001","CorpusId":17},
        "url":"https://www.semanticscholar.org/paper/0123","title":"Kettles π0","abstract":"We put lids on kettles.","venue":"arXiv.org","year":2026,
        "publicationDate":"2026-09-01","citationCount":12,"influentialCitationCount":3,"openAccessPdf":{"url":"https://arxiv.org/pdf/2609.00001","status":"GREEN","license":"CCBY"},
        "fieldsOfStudy":null,"s2FieldsOfStudy":[{"category":"Kettle Science","source":"s2-fos-model"}],"tldr":{"model":"tldr@v2.0.0","text":"Lids fit."},
        "journal":{"name":"ArXiv","volume":"abs/2609.00001"},"authors":[{"authorId":"1","name":"Ada Kettle","affiliations":["Kettle University"]},{"authorId":"2","name":"Bo Lid","affiliations":[]}],
        "citations":null,"references":[{"paperId":"ffff","title":"Another paper"}]}
        """;

    private const string OtherScholarPaper =
        """{"paperId":"ff","externalIds":{"CorpusId":18},"title":"Pots","abstract":null,"year":1936,"journal":{"name":"J. Pots","pages":"1 - 9","volume":"4"},"authors":null}""";

    public static readonly string Scholar =
        $$"""{"total":2,"offset":0,"data":[{{ScholarPaper}},{{OtherScholarPaper}}]}""";

    private const string OpenAlexWork = """
        {"id":"https://openalex.org/W1","doi":"https://doi.org/10.1234/KETTLE","title":"Kettles with <i>n</i> Lids","display_name":"Kettles","publication_date":"2026-09-01","language":"en","type":"article",
        "cited_by_count":5,"is_retracted":false,"primary_location":{"landing_page_url":"https://doi.org/10.1234/kettle","pdf_url":null,"license":"cc-by","source":{"display_name":"Journal of Kettles","type":"journal"}},
        "locations":[{"landing_page_url":"https://doi.org/10.1234/kettle"},{"landing_page_url":"http://arxiv.org/abs/2609.00001"}],"best_oa_location":{"pdf_url":"https://kettles.example/1.pdf"},
        "biblio":{"volume":"4","issue":"2","first_page":"17","last_page":"29"},"primary_topic":{"display_name":"Kettle Making"},"topics":[{"display_name":"Kettle Making"},{"display_name":"Tin"}],
        "authorships":[{"author":{"display_name":"Ada Kettle"},"raw_author_name":"Kettle, Ada","institutions":[{"display_name":"Kettle University"}],"raw_affiliation_strings":["Dept. of Lids, Kettle University"]},
        {"author":{"display_name":null},"raw_author_name":"Lid, Bo","institutions":[],"raw_affiliation_strings":["Lid Inc."]}],
        "abstract_inverted_index":{"We":[0],"put":[1],"lids":[2,5],"on":[3],"many":[4],"twice.":[6]}}
        """;

    public static readonly string OpenAlex =
        $$"""{"meta":{"count":3,"db_response_time_ms":4,"page":2,"per_page":2,"next_cursor":null},"results":[{{OpenAlexWork}}],"group_by":[]}""";

    private const string CrossrefWork = """
        {"DOI":"10.1234/KETTLE","type":"journal-article","title":["Kettles and <i>Lids</i>: H<sub>2</sub>O"],"subtitle":["A Study"],"container-title":["Journal of Kettles"],"volume":"4","issue":"2","page":"17-29",
        "author":[{"given":"Ada","family":"Kettle","sequence":"first","affiliation":[{"name":"Kettle University"}]},{"name":"The Lid Consortium","sequence":"additional","affiliation":[]},{"given":"Carl","family":"Pot","suffix":"Jr.","affiliation":[]}],
        "published":{"date-parts":[[2026,9]]},"issued":{"date-parts":[[null]]},"is-referenced-by-count":72,"language":"en","publisher":"Kettle Press","subject":["Tin"],
        "license":[{"URL":"https://creativecommons.org/licenses/by/4.0/","content-version":"vor"}],"resource":{"primary":{"URL":"https://kettles.example/17"}},"URL":"https://doi.org/10.1234/kettle",
        "abstract":"<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>We put <jats:italic>n</jats:italic> lids on x<jats:sup>2</jats:sup> kettles.</jats:p></jats:sec>",
        "updated-by":[{"DOI":"10.1234/gone","type":"retraction"}],"reference":[{"DOI":"10.9999/other","article-title":"Another paper"}]}
        """;

    public static readonly string Crossref =
        $$$"""{"status":"ok","message-type":"work-list","message-version":"1.0.0","message":{"facets":{},"total-results":2,"items":[{{{CrossrefWork}}},{"DOI":"10.1234/b","title":["Pots of the World"]}],"items-per-page":20,"query":{"start-index":0,"search-terms":null} }}""";

    [Fact]
    public void A_paper_of_Semantic_Scholar_has_all_its_fields()
    {
        var digest = Pages.Parse(Scholar);
        var entry = digest.Entries()[0];

        Assert.Equal("semanticscholar-json", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(
            ("semanticscholar", "Kettles π0", "We put lids on kettles."),
            (entry.Source, entry.Title, entry.Abstract)
        );
        Assert.Equal(new Identifiers { Arxiv = "2609.00001" }, entry.Identifiers);
        Assert.Equal(["Ada Kettle", "Bo Lid"], entry.Authors);
        Assert.Equal(["Kettle University"], entry.Affiliations);
        Assert.Equal(["Kettle Science"], entry.Categories);
        Assert.Equal(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Null(entry.JournalRef);
        Assert.Equal("CCBY", entry.Licence);
        Assert.Equal(2, entry.Links!.Count);
        Assert.Equal(
            ("12", "3", "Lids fit."),
            (entry.Extra!["citationCount"], entry.Extra["influentialCitationCount"], entry.Extra["tldr"])
        );
    }

    [Fact]
    public void A_paper_with_little_but_nulls_is_read_with_what_it_has()
    {
        var entry = Pages.Parse(Scholar).Entries()[1];

        Assert.Equal(("ff", null, "J. Pots 4, 1 - 9"), (entry.OwnId, entry.Abstract, entry.JournalRef));
        Assert.Equal(new DateTimeOffset(1936, 1, 1, 0, 0, 0, TimeSpan.Zero), entry.PublishedAt);
    }

    [Theory]
    [InlineData("{paper}", 1, 0)]
    [InlineData("[null,{paper}]", 1, 1)]
    [InlineData("""{"recommendedPapers":[{paper}]}""", 1, 0)]
    [InlineData("""{"offset":0,"data":[{"contexts":[],"citingPaper":{paper}}]}""", 1, 0)]
    [InlineData("""{"offset":0,"next":1,"data":[{"citedPaper":{paper}}]}""", 1, 0)]
    [InlineData("""{"offset":0,"next":100,"data":[{"citedPaper":{paper}}]}""", 1, 1)]
    [InlineData("""{"total":1,"token":null,"data":[{paper}]}""", 1, 0)]
    [InlineData("""{"total":0,"offset":0}""", 0, 0)]
    [InlineData("""{"total":9,"offset":0,"data":[]}""", 0, 1)]
    [InlineData("""{"total":1,"offset":0,"data":[{"paperId":"ab","year":1936}]}""", 0, 1)]
    [InlineData(
        """{"data":[{"snippet":{"text":"t"},"score":0.9,"paper":{"corpusId":"19","title":"Snipped Kettles","authors":["Ada Kettle"],"openAccessInfo":{"license":"CCBY"}}}]}""",
        1,
        0
    )]
    public void Answers_of_Semantic_Scholar_are_read_in_every_form(string form, int papers, int places)
    {
        var digest = Pages.Parse(form.Replace("{paper}", ScholarPaper, StringComparison.Ordinal));

        Assert.Equal("semanticscholar-json", digest.Shape);
        Assert.Equal((papers, places), (digest.Entries().Length, digest.Places().Length));
    }

    [Fact]
    public void What_Semantic_Scholar_says_went_wrong_is_the_reason()
    {
        var refused = Assert.Throws<UnreadableDigestException>(() =>
            Pages.Parse("""{"error":"Paper with id 0 not found"}""")
        );

        Assert.Contains("Paper with id 0 not found", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_work_of_OpenAlex_has_all_its_fields_and_its_abstract_in_order()
    {
        var digest = Pages.Parse(OpenAlex);
        var entry = Assert.Single(digest.Entries());

        Assert.Equal("openalex-json", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(("openalex", "Kettles with n Lids"), (entry.Source, entry.Title));
        Assert.Equal("We put lids on many lids twice.", entry.Abstract);
        Assert.Equal(new Identifiers { Arxiv = "2609.00001", Doi = "10.1234/kettle" }, entry.Identifiers);
        Assert.Equal(["Ada Kettle", "Bo Lid"], entry.Authors);
        Assert.Equal(["Kettle University", "Lid Inc."], entry.Affiliations);
        Assert.Equal(["Kettle Making", "Tin"], entry.Categories);
        Assert.Equal(
            ("Journal of Kettles 4(2), 17-29", "cc-by", "en"),
            (entry.JournalRef, entry.Licence, entry.Language)
        );
        Assert.Equal(
            (false, new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero)),
            (entry.Withdrawn, entry.PublishedAt)
        );
        Assert.Equal(
            ["https://doi.org/10.1234/kettle", "https://kettles.example/1.pdf"],
            entry.Links!.Select(l => l.Url)
        );
        Assert.Equal("5", entry.Extra!["citedByCount"]);
    }

    [Theory]
    [InlineData("""{"meta":{"count":1,"page":1,"per_page":25},"results":[{work}]}""", 0)]
    [InlineData("""{"meta":{"count":2,"page":1,"per_page":25},"results":[{work}]}""", 1)]
    [InlineData("""{"meta":{"count":660,"page":null,"per_page":200,"next_cursor":"x"},"results":[{work}]}""", 0)]
    [InlineData("""{"meta":{"count":0,"page":1,"per_page":25},"results":[]}""", 0)]
    [InlineData("{work}", 0)]
    public void The_declared_count_of_OpenAlex_is_compared_where_the_page_has_a_number(string form, int places) =>
        Assert.Equal(
            places,
            Pages.Parse(form.Replace("{work}", OpenAlexWork, StringComparison.Ordinal)).Places().Length
        );

    [Fact]
    public void A_work_of_Crossref_has_all_its_fields()
    {
        var digest = Pages.Parse(Crossref);
        var entry = digest.Entries()[0];

        Assert.Equal("crossref-json", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(("crossref", "Kettles and Lids: H2O: A Study"), (entry.Source, entry.Title));
        Assert.Equal("Aim We put n lids on x2 kettles.", entry.Abstract);
        Assert.Equal(new Identifiers { Doi = "10.1234/kettle" }, entry.Identifiers);
        Assert.Equal(["Ada Kettle", "The Lid Consortium", "Carl Pot Jr."], entry.Authors);
        Assert.Equal(["Kettle University"], entry.Affiliations);
        Assert.Equal("Journal of Kettles 4(2), 17-29", entry.JournalRef);
        Assert.Equal(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(
            ("https://creativecommons.org/licenses/by/4.0/", "en", true),
            (entry.Licence, entry.Language, entry.Withdrawn)
        );
        Assert.Equal(["https://kettles.example/17", "https://doi.org/10.1234/kettle"], entry.Links!.Select(l => l.Url));
        Assert.Equal(("72", "Kettle Press"), (entry.Extra!["isReferencedByCount"], entry.Extra["publisher"]));
    }

    [Theory]
    [InlineData("""{"status":"ok","message-type":"work","message":{work}}""", 1, null)]
    [InlineData(
        """{"status":"ok","message-type":"work-list","message":{"total-results":454,"next-cursor":"x","items":[{work}],"items-per-page":20}}""",
        1,
        null
    )]
    [InlineData(
        """{"status":"ok","message-type":"work-list","message":{"total-results":454,"items":[{work}],"items-per-page":20,"query":{"start-index":440}}}""",
        1,
        "of 454 works the page should hold 14 from 440 on; 1 were read"
    )]
    [InlineData(
        """{"status":"failed","message-type":"validation-failure","message":[{"type":"integer-not-valid","value":"x","message":"Integer specified as x but must be positive."}]}""",
        0,
        "Crossref answered with an error: Integer specified as x but must be positive."
    )]
    [InlineData(
        """{"status":"ok","message-type":"work","message":{"DOI":"10.1234/x","title":[]}}""",
        0,
        "no work: it has no title"
    )]
    public void Answers_of_Crossref_are_read_in_every_form(string form, int papers, string? reason)
    {
        var digest = Pages.Parse(form.Replace("{work}", CrossrefWork, StringComparison.Ordinal));

        Assert.Equal(papers, digest.Entries().Length);
        Assert.Equal(reason, digest.Places().SingleOrDefault()?.Reason);
    }

    public static TheoryData<string> Digests => [Scholar, OpenAlex, Crossref];

    [Theory]
    [MemberData(nameof(Digests))]
    public void Cut_at_any_byte_no_paper_is_missing_in_silence(string digest) => Hostile.CutAnywhere(digest);
}
