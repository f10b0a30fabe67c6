namespace PaperPipeline.Tests.Parser;

public sealed class ArxivTests
{
    private const string Dashes = "------------------------------------------------------------------------------";

    internal static readonly string Listing = $$"""
        Date: Fri,  6 Mar 26 01:29:12 GMT
        Subject: astro-ph daily 2 new + 1 crosses received

        {{Dashes}}
        {{Dashes}}
        Send any comments regarding submissions directly to submitter.
        {{Dashes}}
        Archives at http://arxiv.org/
        To unsubscribe, e-mail To: astro-ph@arXiv.org, Subject: cancel
        {{Dashes}}
         Submissions to:
        Lanterns and Lights
        received from  Wed  4 Mar 26 19:00:00 GMT  to  Thu  5 Mar 26 19:00:00 GMT
        {{Dashes}}
        \\
        arXiv:2603.00001
        Date: Wed, 4 Mar 2026 20:28:17 GMT   (603kb,D)

        Title: Counting Lanterns in a Field of
          $10^{6}$ Stars
        Authors: Ada L\"owe (1 and 2), B.C. Writer, Jr. and Jos\'e O'Neill ((1) University of
          Lights, (2) Lamp Institute)
        Categories: astro-ph.GA cs.CV
        Comments: 3 pages: all of them figures
        Report-no: LAMP-7
        Journal-ref: J. Lights 7 (2026) 1
        DOI: 10.1234/Lamp.7
        \\
          We count lanterns. Results: there
        are many. The second line goes on.
          A second paragraph ends here.
        \\ ( https://arxiv.org/abs/2603.00001 ,  603kb)
        {{Dashes}}
        \\
        arXiv:2603.00002
        Date: Thu, 5 Mar 2026 01:02:03 GMT   (3kb)

        Title: A Withdrawn Thought
        Authors: Solo Author
        Categories: astro-ph.SR
        Comments: This paper has been withdrawn by the author due to an error
        \\
          Nothing of it is left.
        \\ ( https://arxiv.org/abs/2603.00002 ,  3kb)
        %-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-
        {{Dashes}}
        \\
        arXiv:2603.00003 (*cross-listing*)
        Date: Thu, 5 Mar 2026 01:02:03 GMT   (3kb)

        Title: Lanterns Elsewhere
        Authors: Solo Author and Other Author
        Categories: gr-qc astro-ph.CO
        \\
          From another field.
        \\ ( https://arxiv.org/abs/2603.00003 ,  3kb)
        %%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
        {{Dashes}}
        \\
        arXiv:astro-ph/0601001 (*cross-listing*)
        replaced with revised version Thu, 5 Mar 2026 11:00:13 GMT   (1527kb,D)

        Title: An Old Lantern
        Authors: Early Author
        Categories: hep-th astro-ph
        \\ ( https://arxiv.org/abs/astro-ph/0601001 ,  1527kb)
        %%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
        For subscribe options to combined physics archives,
        e-mail To: physics@arxiv.org, Subject: subscribe
        -----------------------------------------------------------------------------
        For help on viewing and making submissions, see http://arxiv.org/help/

        """;

    [Fact]
    public void A_listing_gives_every_field_of_its_records()
    {
        var digest = Pages.Parse(Listing);
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal(("arxiv-listing", new DateOnly(2026, 3, 6)), (digest.Shape, digest.Day!.Value));
        Assert.Equal(
            [
                ("2603.00001", "new"),
                ("2603.00002", "new"),
                ("2603.00003", "cross"),
                ("astro-ph/0601001", "replace-cross"),
            ],
            entries.Select(e => (e.Identifiers!.Arxiv, e.AnnounceType))
        );
        var first = entries[0];
        Assert.Equal("Counting Lanterns in a Field of $10^{6}$ Stars", first.Title);
        Assert.Equal(
            "We count lanterns. Results: there are many. The second line goes on. A second paragraph ends here.",
            first.Abstract
        );
        Assert.Equal(["Ada Löwe", "B.C. Writer, Jr.", "José O'Neill"], first.Authors);
        Assert.Equal(["University of Lights", "Lamp Institute"], first.Affiliations);
        Assert.Equal(["astro-ph.GA", "cs.CV"], first.Categories);
        Assert.Equal(("3 pages: all of them figures", "J. Lights 7 (2026) 1"), (first.Comments, first.JournalRef));
        Assert.Equal("10.1234/lamp.7", first.Identifiers!.Doi);
        Assert.Equal("LAMP-7", first.Extra!["Report-no"]);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 20, 28, 17, TimeSpan.Zero), first.PublishedAt);
        Assert.Equal((1, first.PublishedAt), (Assert.Single(first.Versions!).Version, first.Versions![0].Date));
        Assert.Equal([null, true, null, null], entries.Select(e => e.Withdrawn));
        Assert.Equal(
            (null, new DateTimeOffset(2026, 3, 5, 11, 0, 13, TimeSpan.Zero)),
            (entries[3].Abstract, entries[3].UpdatedAt!.Value)
        );
    }

    [Fact]
    public void Two_listings_one_behind_the_other_are_compared_each_for_itself() =>
        Assert.Empty(Pages.Parse(Listing + Listing).Places());

    [Theory]
    [InlineData("2 new + 1 crosses", "3 new + 1 crosses", "declares 3 new papers and 1 cross-lists; 2 and 1 were read")]
    [InlineData("2 new + 1 crosses", "2 new +  crosses", "declares 2 new papers and 0 cross-lists; 2 and 1 were read")]
    [InlineData("arXiv:2603.00002", "arXiv:2603.002", "belongs to no record")]
    [InlineData("Title: A Withdrawn", "Tittle: A Withdrawn", "neither a field of the record")]
    [InlineData("%%%---", "", "the line '%%%---' that ends a listing is missing")]
    public void What_a_listing_declares_is_compared_and_what_is_changed_is_reported(
        string old,
        string changed,
        string reason
    )
    {
        var places = Pages.Parse(Listing.Replace(old, changed, StringComparison.Ordinal)).Places();

        Assert.Contains(places, p => p.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_numbers_a_cut_shows_too() =>
        Hostile.CutAnywhere(
            Listing.Replace("daily 2 new + 1 crosses received", "daily Subj-class mailing", StringComparison.Ordinal)
        );

    [Fact]
    public void Cut_at_any_byte_no_paper_is_missing_in_silence() => Hostile.CutAnywhere(Listing);

    [Fact]
    public void The_subject_may_come_with_the_mail_around_the_listing()
    {
        var bare = Listing[Listing.IndexOf(Dashes, StringComparison.Ordinal)..];
        var context = Pages.Context with
        {
            Subject = "astro-ph daily 9 new + 1 crosses received",
            SentAt = new DateTimeOffset(2026, 3, 6, 1, 0, 0, TimeSpan.Zero),
        };

        Assert.Contains(
            "declares 9 new",
            Assert.Single(Pages.Parse(bare, context).Places()).Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(new DateOnly(2026, 3, 6), Pages.Parse(bare, Pages.Context).Day);
    }

    internal const string Abs = """
        ------------------------------------------------------------------------------
        \\
        arXiv:0904.1234
        From: Ada L. Owe <ada@lamps.example.org>
        Date: Tue, 7 Apr 2009 12:00:00 GMT   (31kb)
        Date (revised v2): Wed, 22 Jul 2009 22:42:11 GMT   (32kb)

        Title: The Limits of Lanterns
        Authors: A.L. Owe, Bo Writer
        Categories: gr-qc
        License: http://creativecommons.org/licenses/by/3.0/
        \\
          Lanterns have limits.
        \\

        """;

    [Fact]
    public void An_abs_record_gives_versions_and_submitter_but_no_address()
    {
        var digest = Pages.Parse(Abs);
        var entry = Assert.Single(digest.Entries());

        Assert.Empty(digest.Places());
        Assert.Equal((2, null), (entry.PaperVersion, entry.AnnounceType));
        Assert.Equal([1, 2], entry.Versions!.Select(v => v.Version));
        Assert.Equal(entry.UpdatedAt, entry.Versions![1].Date);
        Assert.Equal("Ada L. Owe", entry.Submitter);
        Assert.Equal(["A. L. Owe", "Bo Writer"], entry.Authors);
        Assert.Equal("http://creativecommons.org/licenses/by/3.0/", entry.Licence);
        Assert.DoesNotContain(
            Pages.Parse(Abs.Replace("From:", "Form:", StringComparison.Ordinal)).Places(),
            p => p.Excerpt.Contains("ada@", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("(0kb,I)", true)]
    [InlineData("(12kb,D)", null)]
    [InlineData("(12kb)", null)]
    public void A_paper_whose_last_source_is_ignored_is_withdrawn(string size, bool? withdrawn)
    {
        var record = $"""
            \\
            arXiv:2603.00001
            From: Ada Uthor <x@example.org>
            Date: Mon, 2 Mar 2026 06:25:15 GMT   (26kb)
            Date (revised v2): Tue, 3 Mar 2026 06:25:15 GMT   {size}

            Title: Counting Lanterns
            Authors: Ada Uthor
            Categories: cs.CV
            \\
              We count.
            \\
            """;

        Assert.Equal(withdrawn, Assert.Single(Pages.Parse(record).Entries()).Withdrawn);
    }

    [Fact]
    public void An_abs_record_that_is_cut_is_reported() =>
        Hostile.CutAnywhere(Abs, left => left.TrimEnd().EndsWith(@"\\", StringComparison.Ordinal));

    [Fact]
    public void JSON_lines_give_papers_and_a_broken_line_only_itself()
    {
        const string line =
            """{"id": "2603.00001v2", "abs": "https://arxiv.org/abs/2603.00001", "authors": ["Jos\\'e N."], "title": "T one", "categories": ["cs.CV", "cs.AI"], "comment": "5 pages", "summary": "A\nb.", "first_seen": "2026-03-06"}""";
        var digest = Pages.Parse(
            $"{line}\n{line[..50]}\n\n{line.Replace("2603.00001", "2603.00007")}\n{{\"id\":\"x\",\"title\":\"y\",\"summary\":\"z\"}}\n"
        );
        var entries = digest.Entries();

        Assert.Equal("arxiv-daily-json", digest.Shape);
        Assert.Equal(["line 2", "line 5"], digest.Places().Select(p => p.Position));
        Assert.Equal(["2603.00001", "2603.00007"], entries.Select(e => e.Identifiers!.Arxiv));
        Assert.Equal((2, "A b.", "5 pages"), (entries[0].PaperVersion, entries[0].Abstract, entries[0].Comments));
        Assert.Equal(["José N."], entries[0].Authors);
        Assert.Equal(["cs.CV", "cs.AI"], entries[0].Categories);
        Assert.Equal(new DateOnly(2026, 3, 6), entries[0].Day);
    }

    internal const string PastWeek = """
        Computer Vision
        Authors and titles for recent submissions
        Fri, 6 Mar 2026
        Thu, 5 Mar 2026
        See today's new changes
        Total of 3 entries
        Showing up to 50 entries per page: fewer | more | all
        Fri, 6 Mar 2026 (showing 2 of 2 entries )
        [1] arXiv:2603.00001 [pdf, html, other]
        Title: Counting Lanterns
        Ada Uthor, Bo Writer
        Comments: 3 pages
        Subjects: Computer Vision and Pattern Recognition (cs.CV); Astrophysics of Galaxies (astro-ph.GA)
        [2] arXiv:2603.00002 (cross-list from cs.CL) [pdf, other]
        Title: Folding Maps
        Authors: Solo Author
        Journal-ref: J. Maps 1
        Subjects: Computation and Language (cs.CL)
        Thu, 5 Mar 2026 (showing 1 of 1 entries )
        [3] arXiv:2603.00003 [pdf]
        Title: Mending Kettles
        Authors: Solo Author
        Subjects: Robotics (cs.RO)
        Total of 3 entries
        Showing up to 50 entries per page: fewer | more | all
        About
        Help
        """;

    [Fact]
    public void The_page_of_the_past_week_gives_papers_with_their_days()
    {
        var digest = Pages.Parse(PastWeek);
        var entries = digest.Entries();

        Assert.Empty(digest.Places());
        Assert.Equal("arxiv-list-page", digest.Shape);
        Assert.Equal(
            [("2603.00001", "new", 6), ("2603.00002", "cross", 6), ("2603.00003", "new", 5)],
            entries.Select(e => (e.Identifiers!.Arxiv, e.AnnounceType, e.Day!.Value.Day))
        );
        Assert.Equal(["Ada Uthor", "Bo Writer"], entries[0].Authors);
        Assert.Equal(["cs.CV", "astro-ph.GA"], entries[0].Categories);
        Assert.Equal(("3 pages", "J. Maps 1"), (entries[0].Comments, entries[1].JournalRef));
    }

    [Theory]
    [InlineData("(showing 2 of 2", "(showing first 2 of 97", "the page shows 2 of 97 entries")]
    [InlineData("(showing 2 of 2", "(showing 3 of 3", "the heading declares 3 entries, 2 were read")]
    [InlineData("[2] arXiv", "[7] arXiv", "[7] follows [1]")]
    [InlineData("Total of 3", "Total of 30", "declares 30 entries in all")]
    [InlineData("Title: Folding", "Folding", "has no title")]
    public void What_a_list_page_declares_is_compared(string old, string changed, string reason) =>
        Assert.Contains(
            Pages.Parse(PastWeek.Replace(old, changed, StringComparison.Ordinal)).Places(),
            p => p.Reason.Contains(reason, StringComparison.Ordinal)
        );

    [Fact]
    public void Cut_at_any_byte_no_entry_of_a_list_page_is_missing_in_silence() => Hostile.CutAnywhere(PastWeek);

    [Fact]
    public void The_page_of_new_papers_as_HTML_gives_abstracts_and_announce_types()
    {
        static string Entry(int number, string note, string summary) =>
            $"""
                <dt><a name='item{number}'>[{number}]</a> <a href="/abs/2603.0000{number}" title="Abstract" id="2603.0000{number}">arXiv:2603.0000{number}</a> {note}
                [<a href="/pdf/2603.0000{number}">pdf</a>, <a href="/format/2603.0000{number}">other</a>]</dt>
                <dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Paper {number} &amp; More</div>
                <div class='list-authors'><a href="/a">Ada Uthor</a>, <a href="/b">Bo Writer</a></div>
                <div class='list-subjects'><span class='descriptor'>Subjects:</span> <span class="primary-subject">Robotics (cs.RO)</span>; Learning (cs.LG)</div>
                <p class='mathjax'>{summary}</p></div></dd>
                """;
        var digest = Pages.Parse(
            $"""
            <!DOCTYPE html><html><head><title>Robotics</title></head><body><div id='dlpage'><h1>Robotics</h1><h3>Showing new listings for Friday, 6 March 2026</h3>
            <div class='paging'>Total of 3 entries</div><div class='morefewer'>Showing up to 2000 entries per page: <a href=x>fewer</a></div>
            <dl id='articles'><h3>New submissions (showing 1 of 1 entries)</h3>{Entry(
                1,
                "",
                "First <i>of</i> all."
            )}</dl>
            <dl id='articles'><h3>Cross submissions (showing 1 of 1 entries)</h3>{Entry(
                2,
                "(cross-list from cs.CV)",
                "Second."
            )}</dl>
            <dl id='articles'><h3>Replacement submissions (showing 1 of 1 entries)</h3>{Entry(
                3,
                "(replaced)",
                "Third."
            )}</dl>
            <div class='paging'>Total of 3 entries</div><div class='morefewer'>Showing up to 2000 entries per page: <a href=x>fewer</a></div></div>
            <footer><a href="/about">About</a></footer></body></html>
            """
        );

        Assert.Empty(digest.Places());
        Assert.Equal(
            [("new", "First of all."), ("cross", "Second."), ("replace", "Third.")],
            digest.Entries().Select(e => (e.AnnounceType!, e.Abstract!))
        );
        Assert.All(digest.Entries(), e => Assert.Equal(new DateOnly(2026, 3, 6), e.Day));
        Assert.Equal("Paper 1 & More", digest.Entries()[0].Title);
    }
}
