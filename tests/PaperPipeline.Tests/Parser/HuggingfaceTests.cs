using System.Net;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class HuggingfaceTests
{
    internal const string Item = """
        {"paper":{"id":"2609.00001","title":"Counting  Lanterns\nat Dusk","summary":"We count\nlanterns.","authors":[{"name":"Ada L\u00f6we","hidden":false},{"name":"Bo Writer"}],
          "publishedAt":"2026-09-28T01:02:03.000Z","submittedOnDailyAt":"2026-09-30T00:00:00.000Z","submittedOnDailyBy":{"user":"lamp","fullname":"Lamp Lighter"},
          "upvotes":7,"projectPage":"https://lanterns.example.org/","githubRepo":"https://github.com/lamp/lanterns","githubStars":12,
          "organization":{"name":"lampco","fullname":"Lamp Company"},"ai_summary":"Lanterns, counted."},
         "publishedAt":"2026-09-27T20:00:00.000Z","title":"Outer","numComments":1}
        """;

    internal const string Other = """
        {"paper":{"id":"2609.00002","title":"Folding Maps of Meadows","authors":[],"upvotes":0}}
        """;

    [Fact]
    public void The_API_gives_every_field()
    {
        var digest = Pages.Parse($"[{Item},{Other}]");
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal("huggingface-daily-json", digest.Shape);
        Assert.Equal("JSON with elements that have paper.id and paper.title", digest.RecognisedBy);
        Assert.Equal(new DateOnly(2026, 9, 30), digest.Day);
        var entry = entries[0];
        Assert.Equal(("huggingface", 1, "Counting Lanterns at Dusk"), (entry.Source, entry.Ordinal, entry.Title));
        Assert.Equal("We count lanterns.", entry.Abstract);
        Assert.Equal(["Ada Löwe", "Bo Writer"], entry.Authors);
        Assert.Equal(new Identifiers { Arxiv = "2609.00001" }, entry.Identifiers);
        Assert.Equal(new DateTimeOffset(2026, 9, 28, 1, 2, 3, TimeSpan.Zero), entry.PublishedAt);
        Assert.Equal(new DateOnly(2026, 9, 30), entry.Day);
        Assert.Equal((7, "lamp", "Lamp Company"), (entry.Upvotes!.Value, entry.Submitter, entry.Organization));
        Assert.Equal(
            ("https://github.com/lamp/lanterns", "lamp/lanterns", 12),
            (entry.CodeUrl, entry.Repository, entry.Stars)
        );
        Assert.Equal(["code", "project"], entry.Links!.Select(l => l.Kind));
        Assert.Equal("Lanterns, counted.", entry.Extra!["aiSummary"]);
        Assert.Equal((0, null, null), (entries[1].Upvotes, entries[1].Abstract, entries[1].Authors));
    }

    [Fact]
    public void One_paper_alone_and_papers_on_lines_are_read_too()
    {
        const string paper = """{"id":"2609.00001","title":"Counting Lanterns","summary":"We count.","upvotes":3}""";

        Assert.Equal("2609.00001", Assert.Single(Pages.Parse(paper).Entries()).Identifiers!.Arxiv);
        Assert.Equal(2, Pages.Parse($"{paper}\n{paper.Replace("00001", "00002")}\n").Entries().Length);
    }

    [Fact]
    public void A_day_without_papers_is_complete_and_empty()
    {
        var digest = Pages.Parse("[]");

        Assert.Empty(digest.Items);
        Assert.Equal("huggingface-daily-json", digest.Shape);
    }

    [Fact]
    public void The_answer_for_an_unknown_paper_is_no_digest_and_says_why() =>
        Assert.Contains(
            "it says: Paper not found.",
            Assert
                .Throws<UnreadableDigestException>(() => Pages.Parse("""{"error":"Paper not found. Cite it."}"""))
                .Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void Elements_without_title_are_reported()
    {
        var digest = Pages.Parse($$$"""[{{{Item}}},{"paper":{"id":"2609.00009"}},null,{{{Other}}}]""");

        Assert.Equal(2, digest.Entries().Length);
        Assert.Equal(["element 2", "element 3"], digest.Places().Select(p => p.Position));
        Assert.All(digest.Places(), p => Assert.Equal("huggingface-daily-json", p.Shape));
    }

    [Fact]
    public void Cut_at_any_character_the_papers_before_are_read_and_the_rest_is_reported() =>
        Hostile.CutAnywhere($"[{Item},{Other}]");

    internal const string Mail = """
        <html><body><div><h1>Daily Papers</h1><div>by community</div><p>Here is the selection of papers for today (6 Oct):</p>
        <ul><li><a href="https://huggingface.co/papers/2610.00001">New Ways to Count Lanterns: <b>A Survey</b> (1,113 ▲)</a></li>
        <li><a href="https://click.example.org/track/abc?user=9">Folding (and Unfolding) Maps (5 ▲)</a></li></ul>
        <p><strong>NEW</strong> - I can submit papers to be featured in Daily Papers directly: <a href="https://huggingface.co/papers/submit">huggingface.co/papers/submit</a></p>
        <p>Onwards and upwards,<br>AK and the research community</p><p><a href="https://example.org/u/9">Unsubscribe</a></p></div></body></html>
        """;

    [Fact]
    public void The_mail_gives_titles_votes_and_ids_and_nothing_of_its_frame()
    {
        var digest = Pages.Parse(
            Mail,
            Pages.Context with
            {
                SentAt = new DateTimeOffset(2026, 10, 6, 9, 0, 0, TimeSpan.Zero),
            }
        );
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal(
            [("New Ways to Count Lanterns: A Survey", 1113, "2610.00001"), ("Folding (and Unfolding) Maps", 5, null)],
            entries.Select(e => (e.Title, e.Upvotes!.Value, e.Identifiers?.Arxiv))
        );
        Assert.All(entries, e => Assert.Equal((null, new DateOnly(2026, 10, 6)), (e.Abstract, e.Day!.Value)));
        Assert.Null(entries[1].Links);
    }

    [Fact]
    public void The_mail_as_text_with_wrapped_titles_gives_the_same()
    {
        var digest = Pages.Parse(
            """
            Daily Papers
            by community
            Here is the selection of papers for today (6 Oct):

            * New Ways to Count
              Lanterns: A Survey (1,113 ▲)
              <https://huggingface.co/papers/2610.00001>
            * Folding (and Unfolding) Maps (5 ▲)

            NEW - I can submit papers to be featured in Daily Papers directly:
            huggingface.co/papers/submit
            Onwards and upwards,
            AK and the research community
            """
        );

        Assert.Empty(digest.Places());
        Assert.Equal(
            [("New Ways to Count Lanterns: A Survey", 1113, "2610.00001"), ("Folding (and Unfolding) Maps", 5, null)],
            digest.Entries().Select(e => (e.Title, e.Upvotes!.Value, e.Identifiers?.Arxiv))
        );
    }

    [Theory]
    [InlineData("Counting Lanterns (3 ▲) <https://huggingface.co/papers/2610.00001>")]
    [InlineData("* Counting Lanterns [https://huggingface.co/papers/2610.00001] (3 ▲)")]
    [InlineData("Counting Lanterns (https://huggingface.co/papers/2610.00001) (3 ▲)")]
    [InlineData(
        "Counting Lanterns (3 ▲)\nhttps://mail.example/c?u=https%3A%2F%2Fhuggingface.co%2Fpapers%2F2610.00001&r=9"
    )]
    public void The_address_of_a_title_may_stand_anywhere_beside_it(string text)
    {
        var entry = Assert.Single(
            Pages.Parse($"Here is the selection of papers for today (6 Oct):\n\n{text}\n").Entries()
        );

        Assert.Equal(("Counting Lanterns", 3, "2610.00001"), (entry.Title, entry.Upvotes, entry.Identifiers?.Arxiv));
    }

    [Fact]
    public void Lines_of_the_mail_that_nobody_knows_are_reported()
    {
        var digest = Pages.Parse(
            Mail.Replace("<p>Onwards", "<p>A title whose votes are gone</p><p>Onwards", StringComparison.Ordinal)
        );

        Assert.Equal(2, digest.Entries().Length);
        Assert.Equal("A title whose votes are gone", Assert.Single(digest.Places()).Excerpt);
        Assert.NotEmpty(Pages.Parse(Mail.Replace("▲", "*", StringComparison.Ordinal)).Places());
    }

    internal static string Page(string papers, string articles = "", string head = "") =>
        $$"""
            <!DOCTYPE html><html><head><title>Daily Papers - Hugging Face</title>{{head}}</head><body><a href="/papers/trending">Trending</a>
            <div class="contents" data-target="DailyPapers" data-props="{{WebUtility.HtmlEncode(
                $$"""{"dateString":"2026-09-30","dailyPapers":{{papers}}}"""
            )}}">{{articles}}</div></body></html>
            """;

    [Fact]
    public void The_saved_page_gives_what_the_API_gives_and_the_cards_that_it_has_besides()
    {
        const string cards = """
            <article><h3><a href="/papers/2609.00002">Folding Maps of Meadows</a></h3></article>
            <article><div><h3><a href="https://huggingface.co/papers/2609.00003">Mending Kettles</a></h3>
              <p>We mend kettles that have lost their lids, and show in three kitchens that the water boils sooner than it did before.</p>
              <div class="leading-none">42</div><a href="https://github.com/tin/kettles">x</a></div></article>
            """;
        var digest = Pages.Parse(Page($"[{Item},{Other}]", cards));
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal(["2609.00001", "2609.00002", "2609.00003"], entries.Select(e => e.Identifiers!.Arxiv));
        Assert.Equal([1, 2, 3], entries.Select(e => e.Rank));
        Assert.Equal((42, "tin/kettles"), (entries[2].Upvotes, entries[2].Repository));
        Assert.StartsWith("We mend", entries[2].Abstract, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 9, 30), digest.Day);
        Assert.All(entries, e => Assert.Equal("huggingface", e.Source));
    }

    [Fact]
    public void A_card_within_a_card_is_a_part_of_it()
    {
        const string cards = """
            <article><h3><a href="/papers/2609.00003">Mending Kettles</a></h3>
              <article><h3><a href="/papers/2609.00004">A Reply</a></h3></article></article>
            """;
        var digest = Pages.Parse(Page("[]", cards));

        Assert.Equal("Mending Kettles", Assert.Single(digest.Entries()).Title);
    }

    [Fact]
    public void The_saved_trending_page_is_another_source()
    {
        const string head = """<link rel="canonical" href="https://huggingface.co/papers/trending">""";

        Assert.Equal(
            "huggingface-trending",
            Assert.Single(Pages.Parse(Page($"[{Other}]", head: head)).Entries()).Source
        );
    }

    [Fact]
    public void A_paper_as_YAML_is_read_though_it_is_not_valid()
    {
        var digest = Pages.Parse(
            """
            date: "2026-09-30"
            author: Ada Uthor
            title: 'Kettles: It''s All in the Lid'
            thumbnail: ""
            link: https://huggingface.co/papers/2609.00003
            summary: We mend kettles: three of them,
                and one pot.
            opinion: placeholder
            tags:
                - ML
            """
        );
        var entry = Assert.Single(digest.Entries());

        Assert.Empty(digest.Places());
        Assert.Equal("Kettles: It's All in the Lid", entry.Title);
        Assert.Equal("We mend kettles: three of them, and one pot.", entry.Abstract);
        Assert.Equal(("2609.00003", new DateOnly(2026, 9, 30)), (entry.Identifiers!.Arxiv, entry.Day!.Value));
    }

    [Fact]
    public void Quoted_scalars_of_YAML_are_unescaped()
    {
        const string yaml =
            "title: \"Pok\\xE9mon \\\"Days\\\" and Po\\\n  k\\u00E9 \\\n  \\ Nights\"\nlink: https://arxiv.org/abs/2609.00003\nsummary: >-\n  Two\n  lines.\n";

        var entry = Assert.Single(Pages.Parse(yaml).Entries());

        Assert.Equal(("Pok\u00E9mon \"Days\" and Pok\u00E9 Nights", "Two lines."), (entry.Title, entry.Abstract));
    }
}
