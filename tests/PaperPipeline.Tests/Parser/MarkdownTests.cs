using PaperPipeline.Contracts;

namespace PaperPipeline.Tests.Parser;

public sealed class MarkdownTests
{
    internal const string Table = """
        # Daily Papers

        > Updated on 2026.10.06

        |Publish Date|Title|Authors|PDF|Code|
        |---|---|---|---|---|
        |**2026-10-05**|**Counting Lanterns at $\pi_0$ Dusk: A \| B**|Ada Löwe et.al.|[2610.00001](http://arxiv.org/abs/2610.00001v1)|**[link](https://github.com/lamp/lanterns)**|
        |**2026-10-04**|**A\* Search &amp; *Maps* in `meadow_lib`**|Bo Writer, C. Other|[2610.00002](http://arxiv.org/abs/2610.00002)|null|
        """;

    private static Entry[] Entries(string markdown) => Pages.Parse(markdown).Entries();

    [Fact]
    public void A_table_gives_a_paper_for_each_row()
    {
        var digest = Pages.Parse(Table);
        var entries = digest.Entries();

        Assert.Equal(("markdown-digest", new DateOnly(2026, 10, 6)), (digest.Shape, digest.Day));
        Assert.Empty(digest.Places());
        Assert.Equal(
            ["Counting Lanterns at $\\pi_0$ Dusk: A | B", "A* Search & Maps in meadow_lib"],
            entries.Select(e => e.Title)
        );
        Assert.Equal(["Ada Löwe"], entries[0].Authors);
        Assert.Equal(["Bo Writer", "C. Other"], entries[1].Authors);
        Assert.Equal(("2610.00001", 1), (entries[0].Identifiers!.Arxiv, entries[0].PaperVersion));
        Assert.Equal(["lamp/lanterns", null], entries.Select(e => e.Repository));
        Assert.Equal(new DateTimeOffset(2026, 10, 5, 0, 0, 0, TimeSpan.Zero), entries[0].PublishedAt);
        Assert.All(entries, e => Assert.Equal((new DateOnly(2026, 10, 6), null), (e.Day!.Value, e.Abstract)));
    }

    [Theory]
    [InlineData(
        "Counting Lanterns - read more on [arXiv](https://arxiv.org/abs/2610.00001) or [HuggingFace](https://huggingface.co/papers/2610.00001)"
    )]
    [InlineData(
        "Counting Lanterns (Read more on [arXiv](https://arxiv.org/abs/2610.00001) or [HuggingFace](https://huggingface.co/papers/2610.00001))"
    )]
    [InlineData("[Counting Lanterns](https://arxiv.org/abs/2610.00001)")]
    [InlineData("**[Counting Lanterns](https://arxiv.org/abs/2610.00001)** [[code]](https://github.com/a/b)")]
    [InlineData("**Counting Lanterns** [[pdf](https://arxiv.org/pdf/2610.00001)]")]
    [InlineData("Counting<br>Lanterns [paper](https://arxiv.org/abs/2610.00001)")]
    [InlineData("<a href=\"https://arxiv.org/abs/2610.00001\">Counting Lanterns</a>")]
    [InlineData(
        "[![Star](https://img.example.org/a.svg)](https://github.com/a/b) Counting Lanterns <https://arxiv.org/abs/2610.00001>"
    )]
    public void The_title_of_a_row_is_its_cell_without_what_only_leads_somewhere(string cell)
    {
        var entry = Assert.Single(
            Entries($"| Title | Authors | Summary |\n|:--|---|---:|\n| {cell} | ada, bo | We count. |\n")
        );

        Assert.Equal(("Counting Lanterns", "2610.00001"), (entry.Title, entry.Identifiers!.Arxiv));
        Assert.Equal(["ada", "bo"], entry.Authors);
        // Somebody else's summary is no abstract.
        Assert.Equal((null, "We count."), (entry.Abstract, entry.Extra!["summary"]));
    }

    [Theory]
    [InlineData(
        "| Title | PDF |",
        "|**Lanterns | Kettles: A Map**|[x](http://arxiv.org/abs/2610.00001)|",
        "Lanterns | Kettles: A Map"
    )]
    [InlineData(
        "| **Paper** | **Links** |",
        "|1) **Lamp-One** - a lamp that counts all other lamps of a street. It is bright. | [Paper](http://arxiv.org/abs/2610.00001)|",
        "Lamp-One"
    )]
    [InlineData("| Title | PDF |", "|**Lamps** - A Study|[x](http://arxiv.org/abs/2610.00001)|", "Lamps - A Study")]
    [InlineData("| Title | PDF |", "|[2610.00001] Folding Maps|[x](http://arxiv.org/abs/2610.00001)|", "Folding Maps")]
    public void A_title_is_told_from_what_stands_beside_it_in_its_cell(string names, string row, string title) =>
        Assert.Equal(title, Assert.Single(Entries($"{names}\n|---|---|\n{row}\n")).Title);

    [Fact]
    public void An_item_may_name_authors_and_venue_behind_its_title()
    {
        var entry = Assert.Single(
            Entries(
                "# Lamps\n- Mending Kettles of Tin. *Ada Uthor, Bo Writer*. NeurIPS 2026. [[Paper]](https://arxiv.org/abs/2610.00001)\n"
            )
        );

        Assert.Equal("Mending Kettles of Tin", entry.Title);
        Assert.Equal(["Ada Uthor", "Bo Writer"], entry.Authors);
    }

    [Fact]
    public void A_row_of_more_cells_than_a_table_has_is_reported()
    {
        var row = $"|{string.Join('|', Enumerable.Repeat("[x](http://arxiv.org/abs/2610.00001)", 201))}|";

        var digest = Pages.Parse($"{Table}\n{row}");

        Assert.Equal(2, digest.Entries().Length);
        Assert.Equal("a row of more than 200 cells", Assert.Single(digest.Places()).Reason);
    }

    [Fact]
    public void Cells_with_line_breaks_and_marks_are_put_together_again()
    {
        var digest = Pages.Parse(
            """
            | Title | Authors | Abstract | Link |
            |---|---|---|---|
            | Counting Lanterns | Ada | We count
            lanterns.

            There are many. | [x](https://arxiv.org/abs/2610.00001) |
            | On |x| and its Use | Bo | We bound x. | [x](https://arxiv.org/abs/2610.00002) |
            | Folding Maps | Cy | Maps a | b | c are folded and then unfolded again by hand. | [x](https://arxiv.org/abs/2610.00003) |

            The end of it.
            """
        );
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal(["Counting Lanterns", "On | x | and its Use", "Folding Maps"], entries.Select(e => e.Title));
        Assert.Equal("We count lanterns. There are many.", entries[0].Abstract);
        Assert.Equal("Maps a | b | c are folded and then unfolded again by hand.", entries[2].Abstract);
        Assert.Equal(["2610.00001", "2610.00002", "2610.00003"], entries.Select(e => e.Identifiers!.Arxiv));
    }

    [Fact]
    public void Rows_that_are_no_paper_are_reported_and_other_tables_passed_over()
    {
        var digest = Pages.Parse(
            """
            | Model | Score |
            |---|---|
            | Lamp-7 | 12 |

            | Title | PDF |
            |---|---|
            | Counting Lanterns | [pdf](https://arxiv.org/abs/2610.00001) |
            |  | [pdf](https://arxiv.org/abs/2610.00002) |
            | A row whose link is gone | |
            | | |
            """
        );

        Assert.Single(digest.Entries());
        Assert.Equal(["line 8", "line 9"], digest.Places().Select(p => p.Position));
    }

    [Fact]
    public void A_table_that_is_cut_off_says_so() =>
        Hostile.CutAnywhere(
            Table,
            left => left.EndsWith('|') || left.EndsWith('\n') || left.EndsWith("|\r", StringComparison.Ordinal)
        );

    [Fact]
    public void Lists_give_the_papers_that_they_link_to()
    {
        var digest = Pages.Parse(
            """
            # Lanterns, daily
            - [Lists](#lists)

            ## 2026-10-05
            - [Counting Lanterns at Dusk](https://arxiv.org/abs/2610.00001) - Ada Löwe, *ICLR 2026* [[code](https://github.com/lamp/lanterns)]
            - **Folding Maps of Meadows** [[paper]](https://arxiv.org/pdf/2610.00002) [[project page]](https://maps.example.org/?utm_source=x)
            - 2026-10-05, **Mending Kettles with Tin**, Bo et.al., Paper: [http://arxiv.org/abs/2610.00003](http://arxiv.org/abs/2610.00003), Code: **[link](https://github.com/tin/kettles)**
            ## 2026-10-04
            * Weighing Sparrows in Winter [[arXiv]][1] [[OpenReview](https://openreview.net/forum?id=SpArRoW123)]
            1. [A blog about lamps](https://blog.example.org/lamps)

            [1]: https://arxiv.org/abs/2610.00004
            """
        );
        var entries = digest.Entries();

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
        Assert.Equal(["lamp/lanterns", null, "tin/kettles", null], entries.Select(e => e.Repository));
        Assert.Equal(("2610.00004", "SpArRoW123"), (entries[3].Identifiers!.Arxiv, entries[3].Identifiers!.Openreview));
        Assert.Equal([5, 5, 5, 4], entries.Select(e => e.Day!.Value.Day));
        Assert.Equal("https://maps.example.org/", Assert.Single(entries[1].Links!).Url);
    }

    [Fact]
    public void Headings_give_papers_with_what_is_said_below_them()
    {
        var entries = Entries(
            """
            # cs.CV
            ### [1] [Counting Lanterns at Dusk](https://arxiv.org/abs/2610.00001)
            *Ada Löwe,Bo Writer,Charlotte de la Tour*

            Main category: cs.CV

            TL;DR: Lanterns, counted.

            ### [2] [Folding Maps of Meadows](https://arxiv.org/abs/2610.00002)
            **Authors:** C. Other
            **Abstract:** We fold maps.
            """
        );

        Assert.Equal(["Counting Lanterns at Dusk", "Folding Maps of Meadows"], entries.Select(e => e.Title));
        Assert.Equal(["Ada Löwe", "Bo Writer", "Charlotte de la Tour"], entries[0].Authors);
        Assert.Equal(["cs.CV"], entries[0].Categories);
        Assert.Equal("Lanterns, counted.", entries[0].Extra!["summary"]);
        Assert.Equal(["C. Other"], entries[1].Authors);
        Assert.Equal("We fold maps.", entries[1].Abstract);
    }

    [Fact]
    public void A_page_of_papers_stays_one_though_its_abstracts_name_links()
    {
        var papers = Pages.Invent(4);
        papers[1] = papers[1] with { Abstract = papers[1].Abstract + " See [1](https://arxiv.org/abs/2610.00001)." };

        Assert.Equal(papers, Pages.Parse(Pages.Page(papers)).Papers());
    }
}
