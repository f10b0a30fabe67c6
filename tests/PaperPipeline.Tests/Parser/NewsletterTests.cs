using PaperPipeline.Contracts;
using PaperPipeline.Parser;
using PaperPipeline.Parser.Newsletters;

namespace PaperPipeline.Tests.Parser;

public sealed class NewsletterTests
{
    internal const string Letter = """
        <!DOCTYPE html><html><head><title>Lamps Weekly</title></head><body>
        <p><a href="https://lamps.example.org/view/1">View in browser</a></p><h1>Lamps Weekly #7</h1>
        <p>Dear reader, this week we liked <a href="https://arxiv.org/abs/2610.00001">counting lanterns</a> best.</p>
        <h2>Papers</h2>
        <div><a href="https://arxiv.org/abs/2610.00001"><img src="lamp.png"></a></div>
        <h3><a href="https://www.alphaxiv.org/abs/2610.00001v2">Counting Lanterns at Dusk (5 minute read)</a></h3>
        <p>Ada Löwe, Bo Writer</p>
        <p>The lanterns of a harbour are counted by hand and by machine, and the machine wins narrowly.</p>
        <p><a href="https://arxiv.org/pdf/2610.00001.pdf">PDF</a> | <a href="https://github.com/lamp/lanterns?utm_source=x">Code</a> | <a href="https://huggingface.co/papers/2610.00001">Read more →</a></p>
        <h3>Folding Maps of Meadows</h3>
        <p>Maps are folded. <a href="https://openreview.net/forum?id=MaPs123456">Read the paper</a> or its <a href="https://doi.org/10.1234/Maps.7">published version</a>.</p>
        <ul><li><b>Mending Kettles with Tin</b> – <a href="https://news.example.com/CL0/https:%2F%2Farxiv.org%2Fabs%2F2610.00003%3Futm_source=lamps/1/0100abc">link</a></li>
        <li>📄 Weighing Sparrows in Winter [<a href="https://www.semanticscholar.org/paper/Weighing-Sparrows/0123456789abcdef0123456789abcdef01234567">paper</a>]</li>
        <li><a href="https://blog.example.org/lamps">A blog about lamps and how to read it</a></li></ul>
        <p><a href="https://lamps.example.org/unsubscribe?u=9">Unsubscribe</a> · 7 Lamp Street</p></body></html>
        """;

    [Fact]
    public void The_papers_are_what_a_newsletter_links_to()
    {
        var digest = Pages.Parse(Letter);
        var entries = digest.Entries();

        Assert.Equal(("newsletter", null), (digest.Shape, digest.Day));
        Assert.Empty(digest.Places());
        Assert.Equal(
            [
                "Counting Lanterns at Dusk",
                "Folding Maps of Meadows",
                "Mending Kettles with Tin",
                "Weighing Sparrows in Winter",
            ],
            entries.Select(e => e.Title)
        );
        Assert.Equal(
            [
                new Identifiers { Arxiv = "2610.00001" },
                new Identifiers { Openreview = "MaPs123456", Doi = "10.1234/maps.7" },
                new Identifiers { Arxiv = "2610.00003" },
                null,
            ],
            entries.Select(e => e.Identifiers)
        );
        Assert.Equal("lamp/lanterns", entries[0].Repository);
        Assert.Equal("https://github.com/lamp/lanterns", entries[0].CodeUrl);
        Assert.Equal(["Ada Löwe", "Bo Writer"], entries[0].Authors);
        Assert.Contains("the machine wins", entries[0].Extra!["mention"], StringComparison.Ordinal);
        Assert.StartsWith(
            "https://www.semanticscholar.org/paper/",
            Assert.Single(entries[3].Links!).Url,
            StringComparison.Ordinal
        );
        Assert.All(entries, e => Assert.Null(e.Abstract));
    }

    [Fact]
    public void What_is_said_in_another_line_of_another_paper_is_no_further_address_of_the_one_before()
    {
        var entries = Pages
            .Parse(
                """
                <p><strong>1. Counting Lanterns</strong> - it counts. <a href="https://arxiv.org/abs/2610.00001">paper</a></p>
                <p><strong>2. Mending Kettles:</strong> this work mends. It boils. <a href="https://arxiv.org/abs/2610.00002">Paper</a></p>
                <p><a href="https://arxiv.org/abs/2610.00003">Folding Maps of Meadows</a></p>
                <p>We also liked <a href="https://doi.org/10.1234/birds.1">this study of sparrows in winter</a> a lot.</p>
                """
            )
            .Entries();

        Assert.Equal(
            ["Counting Lanterns", "Mending Kettles", "Folding Maps of Meadows", "this study of sparrows in winter"],
            entries.Select(e => e.Title)
        );
        Assert.Equal(
            [("2610.00001", null), ("2610.00002", null), ("2610.00003", null), (null, "10.1234/birds.1")],
            entries.Select(e => (e.Identifiers!.Arxiv, e.Identifiers.Doi))
        );
    }

    [Fact]
    public void A_link_to_a_paper_without_a_title_is_reported()
    {
        var digest = Pages.Parse(
            "<p><a href='https://arxiv.org/abs/2610.00001'>Counting Lanterns at Dusk</a></p><hr><p>And <a href='https://arxiv.org/abs/2610.00002'>this</a>, and <a href='https://arxiv.org/abs/2610.00003'>here</a>.</p>"
        );

        Assert.Single(digest.Entries());
        Assert.Equal(["line 2", "line 2 (2)"], digest.Places().Select(p => p.Position));
        Assert.Contains("https://arxiv.org/abs/2610.00002", digest.Places()[0].Excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_papers_is_no_newsletter() =>
        Assert.Contains(
            "newsletter: a link to a paper",
            Assert
                .Throws<UnreadableDigestException>(() =>
                    Pages.Parse("<html><body><a href='https://arxiv.org/list/cs.CV/new'>New papers</a></body></html>")
                )
                .Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_newsletter_as_text_gives_the_papers_that_it_links_to()
    {
        var digest = Pages.Parse(
            """
            Lamps Weekly

            COUNTING LANTERNS AT DUSK (5 MINUTE READ) [2]
            The lanterns of a harbour are counted by hand and by machine. It takes all night.

            Folding Maps of Meadows and of the Many Hills that Lie Behind Them in
            the Evening Light
            https://arxiv.org/abs/2610.00002

            * Mending Kettles with Tin: https://arxiv.org/abs/2610.00003.
            * Weighing Sparrows (https://doi.org/10.1234/sparrows)

            Unsubscribe: https://lamps.example.org/unsubscribe?u=9

            Links:
            [1] https://lamps.example.org/
            [2] https://arxiv.org/abs/2610.00001
            """
        );
        var entries = digest.Entries();

        Assert.Equal("newsletter", digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(
            [
                "COUNTING LANTERNS AT DUSK",
                "Folding Maps of Meadows and of the Many Hills that Lie Behind Them in the Evening Light",
                "Mending Kettles with Tin",
                "Weighing Sparrows",
            ],
            entries.Select(e => e.Title)
        );
        Assert.Equal(["2610.00001", "2610.00002", "2610.00003", null], entries.Select(e => e.Identifiers!.Arxiv));
    }

    [Theory]
    [InlineData("https://arxiv.org/html/2610.00001v3", "https://arxiv.org/abs/2610.00001")]
    [InlineData("http://export.arxiv.org/pdf/2610.00001", "https://arxiv.org/abs/2610.00001")]
    [InlineData("https://hf.co/papers/2610.00001#community", "https://arxiv.org/abs/2610.00001")]
    [InlineData("https://dl.acm.org/doi/pdf/10.1145/123.456", "https://doi.org/10.1145/123.456")]
    [InlineData(
        "https://www.biorxiv.org/content/10.1101/2026.01.02.123456v2.full",
        "https://doi.org/10.1101/2026.01.02.123456"
    )]
    [InlineData("https://openreview.net/pdf?id=MaPs123456&utm_source=x", "https://openreview.net/forum?id=MaPs123456")]
    [InlineData("https://aclanthology.org/2024.acl-long.1.pdf", "https://aclanthology.org/2024.acl-long.1.pdf")]
    [InlineData(
        "https://www.google.com/url?q=https://arxiv.org/abs/2610.00001&sa=D",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2610.00001&data=x",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://urldefense.com/v3/__https://arxiv.org/abs/2610.00001__;!!x$",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__arxiv.org_abs_2610.00001&d=x",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://abc.awstrack.me/L0/https:%2F%2Farxiv.org%2Fabs%2F2610.00001/1/0100-x/y=1",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9hcnhpdi5vcmcvYWJzLzI2MTAuMDAwMDEiLCJ1IjoxfQ.sig?x=1",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData(
        "https://click.convertkit-mail.com/a/b/aHR0cHM6Ly9hcnhpdi5vcmcvYWJzLzI2MTAuMDAwMDE=",
        "https://arxiv.org/abs/2610.00001"
    )]
    [InlineData("https://huggingface.co/papers/submit", null)]
    [InlineData("https://arxiv.org/list/cs.CV/new", null)]
    [InlineData("https://www.semanticscholar.org/product/api", null)]
    [InlineData("https://click.example.org/track/abc?user=9", null)]
    [InlineData("mailto:a@arxiv.org", null)]
    [InlineData("not an address", null)]
    public void Links_to_papers_are_known_however_they_are_wrapped(string link, string? paper) =>
        Assert.Equal(paper, PaperLink.Of(link)?.Url);

    [Theory]
    [InlineData("1. “Counting Lanterns”", "Counting Lanterns")]
    [InlineData("[PDF] Counting Lanterns", "Counting Lanterns")]
    [InlineData("📄 Counting Lanterns →", "Counting Lanterns")]
    [InlineData("Counting Lanterns (113 ▲)", "Counting Lanterns")]
    [InlineData("Counting Lanterns [paper, code]", "Counting Lanterns")]
    [InlineData("Paper: Counting Lanterns (14 minute read)", "Counting Lanterns")]
    [InlineData("Lanterns (2026)", "Lanterns (2026)")]
    [InlineData("A Survey of [MASK] Tokens", "A Survey of [MASK] Tokens")]
    public void Titles_are_taken_without_what_newsletters_put_around_them(string text, string title) =>
        Assert.Equal(title, TitleText.Clean(text));

    [Theory]
    [InlineData("Read more", true)]
    [InlineData("arxiv.org/abs/2610.00001", true)]
    [InlineData("[PDF] | Code", true)]
    [InlineData("2610.00001v2", true)]
    [InlineData("→", true)]
    [InlineData("Reading Papers with Lamps", false)]
    [InlineData("DeepLamp", false)]
    public void Words_that_only_say_where_a_link_leads_are_no_title(string text, bool points) =>
        Assert.Equal(points, TitleText.IsPointing(text));

    [Fact]
    public void Cut_at_any_byte_nothing_is_lost_in_silence() => Hostile.CutAnywhere(Letter);
}
