using System.Globalization;
using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

/// <summary>What is completed of every digest, whatever its shape.</summary>
public sealed class DigestReadingTests
{
    private static ParsedItem[] Read(params Func<DigestContext, ParsedItem>[] items) =>
        Read(new ParserOptions(), items);

    private static ParsedItem[] Read(ParserOptions limits, params Func<DigestContext, ParsedItem>[] items) =>
        [
            .. DigestReading.Of(
                "some-shape",
                Content.Contents.Of("x"),
                items.Select(item => item(Pages.Context)),
                Pages.Context,
                null,
                limits
            ),
        ];

    private static Func<DigestContext, ParsedItem> Paper(string title, Func<Entry, Entry>? change = null) =>
        context => new ParsedEntry((change ?? (e => e))(context.Entry("test", title)));

    private static Func<DigestContext, ParsedItem> Place(string position) =>
        _ => new ReportedPlace(position, "why", "");

    [Fact]
    public void Entries_are_numbered_cleaned_and_stripped_of_what_is_empty()
    {
        var entry = Assert
            .Single(
                Read(
                        Paper(
                            " A\n title ",
                            e =>
                                e with
                                {
                                    Abstract = " ",
                                    Authors = ["Jos\\'e  N", " "],
                                    Affiliations = ["U", "U"],
                                    Comments = "",
                                    Links = [],
                                    Versions = [],
                                    Categories = ["a", "a", ""],
                                }
                        )
                    )
                    .OfType<ParsedEntry>()
            )
            .Entry;

        Assert.Equal((1, "A title", null), (entry.Ordinal, entry.Title, entry.Abstract));
        Assert.Equal(["José N"], entry.Authors);
        Assert.Equal(["U"], entry.Affiliations);
        Assert.Equal(["a"], entry.Categories);
        Assert.Equal((null, null, null), (entry.Comments, entry.Links, entry.Versions));
    }

    [Fact]
    public void What_fails_in_the_middle_is_a_place_behind_the_papers_before()
    {
        var items = Read(
            Paper("One"),
            Paper("Two"),
            _ => throw new InvalidOperationException("broken\nhere"),
            Paper("Three")
        );

        Assert.Equal(["One", "Two"], items.OfType<ParsedEntry>().Select(e => e.Entry.Title));
        var place = Assert.IsType<ReportedPlace>(items[^1]);
        Assert.Equal(("after entry 2", "some-shape"), (place.Position, place.Shape));
        Assert.EndsWith("InvalidOperationException: broken here", place.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Trouble_of_the_archive_is_no_fault_of_the_digest() =>
        Assert.Throws<IOException>(() => Read(Paper("One"), _ => throw new IOException("gone")));

    [Fact]
    public void Places_are_told_apart_and_beyond_a_thousand_reported_together()
    {
        Assert.Equal(
            ["line 1", "line 1 (2)", "line 2"],
            Read(Place("line 1"), Place("line 1"), Place("line 2")).Cast<ReportedPlace>().Select(p => p.Position)
        );

        var many = Read([.. Enumerable.Range(1, 5000).Select(n => Place($"line {n}"))]);

        Assert.Equal(DigestReading.MostPlaces + 1, many.Length);
        Assert.Equal("line 1001 and 3999 further places", ((ReportedPlace)many[^1]).Position);
    }

    [Fact]
    public void Beyond_the_limits_of_a_digest_the_rest_is_one_place_and_what_was_before_stays()
    {
        var limits = new ParserOptions { MaxEntries = 3, MaxPlaces = 2 };

        var entries = Read(limits, [.. Enumerable.Range(1, 5).Select(n => Paper($"Paper {n}"))]);
        Assert.Equal(["Paper 1", "Paper 2", "Paper 3"], Titles(entries));
        var place = Assert.IsType<ReportedPlace>(entries[^1]);
        Assert.Equal(("after entry 3", 4), (place.Position, entries.Length));
        Assert.Equal("more than 3 entries: split the digest and ingest the parts; the rest is not read", place.Reason);

        var places = Read(limits, Place("line 1"), Paper("One"), Paper(""), Paper("Two"), Place("line 5"));
        Assert.Equal(["One"], Titles(places));
        Assert.Equal(
            ["line 1", "after entry 1", "after entry 1 (2)"],
            places.OfType<ReportedPlace>().Select(p => p.Position)
        );
        Assert.Equal("2 places could not be read; the rest is not read", ((ReportedPlace)places[^1]).Reason);

        // A digest that just holds what it may is whole.
        Assert.Equal(3, Read(limits, Paper("One"), Paper("Two"), Paper("Three")).Length);
        Assert.Equal(3, Read(limits, Paper("One"), Place("line 2"), Place("line 3")).Length);
    }

    [Fact]
    public void Beyond_the_entries_of_one_page_the_rest_of_the_page_is_one_place()
    {
        var page = string.Concat(
            Enumerable
                .Range(1, 5)
                .Select(n => $"<h3><a href='https://arxiv.org/abs/2610.0000{n}'>Lanterns and Bridges {n}</a></h3>")
        );
        var parser = new DigestParser(new ParserOptions { MaxPageEntries = 3 });
        foreach (var (text, position) in new[] { (page, "after entry 3"), (MailOf(page), "part 1, after entry 3") })
        {
            var items = parser
                .Parse(() => new MemoryStream(Encoding.UTF8.GetBytes(text)), Pages.Context)
                .Items.ToList();

            Assert.Equal(3, items.OfType<ParsedEntry>().Count());
            var place = Assert.IsType<ReportedPlace>(items[^1]);
            Assert.Equal(position, place.Position);
            Assert.Equal(
                "more than 3 entries in one page: split the digest and ingest the parts; the rest is not read",
                place.Reason
            );
        }

        static string MailOf(string page) => Mails.Message(page, "text/html; charset=utf-8");
    }

    [Fact]
    public void Beyond_the_greatest_number_of_lines_the_rest_is_one_place()
    {
        var lines = string.Concat(Enumerable.Repeat("x\n", DigestText.MostLines));
        var digest = Pages.Parse($"# Papers\n- [Lanterns and Bridges](https://arxiv.org/abs/2610.00001)\n\n{lines}");

        Assert.Equal("Lanterns and Bridges", Assert.Single(digest.Entries()).Title);
        var place = Assert.Single(digest.Places());
        Assert.Equal("line 1000000", place.Position);
        Assert.Equal(
            "more than 1000000 lines: split the digest and ingest the parts; the rest is not read",
            place.Reason
        );
    }

    [Fact]
    public void Entries_that_say_next_to_nothing_end_earlier()
    {
        var limits = new ParserOptions { MaxTinyEntries = 4 };

        var tiny = Read(limits, [.. Enumerable.Range(1, 9).Select(n => Paper($"{n}"))]);
        Assert.Equal(4, Titles(tiny).Count());
        Assert.Equal(
            "more than 4 entries that say less than 40 bytes each: split the digest and ingest the parts; the rest is not read",
            ((ReportedPlace)tiny[^1]).Reason
        );

        var titles = Enumerable.Range(1, 9).Select(n => Paper($"A title of a paper as papers have it, number {n}"));
        Assert.Equal(9, Titles(Read(limits, [.. titles])).Count());
    }

    [Fact]
    public void Further_entries_of_a_paper_that_is_named_too_often_are_reported_and_others_stay()
    {
        var limits = new ParserOptions { MaxEntriesOfPaper = 2 };
        string[] ids = ["2610.00001", "2610.00002", "2610.00001", "2610.00001", "2610.00003"];
        Func<DigestContext, ParsedItem>[] items =
        [
            .. ids.Select(
                (id, n) => Paper($"Title {n}", entry => entry with { Identifiers = new Identifiers { Arxiv = id } })
            ),
            // One title, however it is written; one that comes with each issue; and one that is too short to tell.
            Paper("The Title of Many Papers"),
            Paper("the title of many papers"),
            Paper("The title, of many papers."),
            .. Enumerable.Repeat(Paper("Guest Editors' Introduction to the Special Issue"), 3),
            .. Enumerable.Repeat(Paper("Letters"), 3),
        ];

        var read = Read(limits, items);

        Assert.Equal(["after entry 3", "after entry 6"], read.OfType<ReportedPlace>().Select(place => place.Position));
        Assert.Equal(
            "more than 2 entries of one paper, by arxiv:2610.00001: split the digest and ingest the parts",
            read.OfType<ReportedPlace>().First().Reason
        );
        Assert.Equal(12, Titles(read).Count());
        Assert.Equal(Enumerable.Range(1, 12), read.OfType<ParsedEntry>().Select(e => e.Entry.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Fixtures.Shapes), MemberType = typeof(Fixtures))]
    public void Each_shape_ends_at_the_limit_of_entries(string shape)
    {
        var bytes = Fixtures.All[shape];
        var all = Pages.Parse(bytes).Entries().Length;
        var limited = new DigestParser(new ParserOptions { MaxEntries = all - 1 });

        var items = limited.Parse(() => new MemoryStream(bytes), Pages.Context).Items.ToArray();

        Assert.Equal(all - 1, Titles(items).Count());
        Assert.EndsWith(
            "the rest is not read",
            Assert.Single(items.OfType<ReportedPlace>()).Reason,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Titles(IEnumerable<ParsedItem> items) =>
        items.OfType<ParsedEntry>().Select(e => e.Entry.Title);

    [Fact]
    public void What_exceeds_the_limits_is_cut_and_reported()
    {
        var items = Read(
            Paper(
                "One",
                e =>
                    e with
                    {
                        Abstract = new string('\u00E9', 200_000),
                        Comments = "c",
                        Authors = [.. Enumerable.Repeat("Ada", 30_000)],
                    }
            )
        );

        var entry = items.OfType<ParsedEntry>().Single().Entry;
        Assert.Equal(EntryLimits.MaxField, Encoding.UTF8.GetByteCount(entry.Abstract!));
        Assert.Equal(("c", 20_000), (entry.Comments, entry.Authors!.Count));
        Assert.Equal(
            ("entry 1", "larger than 256 KiB and cut: abstract, authors"),
            items.OfType<ReportedPlace>().Select(p => (p.Position, p.Reason)).Single()
        );
    }

    [Fact]
    public void A_part_is_read_as_its_own_shape_with_the_position_of_the_part_before_its_own()
    {
        var part = new DigestParser().ParsePart(
            Content.Contents.Of($"[{HuggingfaceTests.Item},{{\"paper\":{{}}}}]"),
            Pages.Context,
            "part 2"
        );

        Assert.Equal("huggingface-daily-json", part.Shape);
        Assert.Single(part.Entries());
        Assert.Equal("part 2, element 2", Assert.Single(part.Places()).Position);
    }

    [Fact]
    public void Parts_in_parts_without_end_are_refused() =>
        Assert.Throws<UnreadableDigestException>(() =>
            new DigestParser().ParsePart(Content.Contents.Of("[]"), Pages.Context with { Depth = 8 }, "part 1")
        );

    [Theory]
    [InlineData("A. B. Uthor, C. D. Writer and E. Dit", "A. B. Uthor|C. D. Writer|E. Dit")]
    [InlineData("A and B and C", "A|B|C")]
    [InlineData("A, B, and C", "A|B|C")]
    [InlineData("A \\& B", "A \\& B")]
    [InlineData("A & B", "A|B")]
    [InlineData("Alexander Anders, Andy Andrews", "Alexander Anders|Andy Andrews")]
    [InlineData("Curie, Marie; Noether, Emmy", "Marie Curie|Emmy Noether")]
    [InlineData("Sammy Davis, Jr., Bo X", "Sammy Davis, Jr.|Bo X")]
    [InlineData("{\\L}ukasz {A, B}, C", "{\\L}ukasz {A, B}|C")]
    [InlineData("A (1), B (1 and 2) ((1) U, (2) V)", "A|B")]
    [InlineData("A, B, et al. (20 additional authors not shown)", "A|B")]
    [InlineData("A (unclosed, B", "A (unclosed|B")]
    [InlineData("王伟，李娜、张敏", "王伟|李娜|张敏")]
    [InlineData("", "")]
    public void Authors_in_one_line_are_split(string text, string names) =>
        Assert.Equal(names.Split('|', StringSplitOptions.RemoveEmptyEntries), AuthorList.Of(text).Authors);

    [Theory]
    [InlineData("2026-03-04", "2026-03-04T00:00:00Z")]
    [InlineData("2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07Z")]
    [InlineData("2026-03", "2026-03-01T00:00:00Z")]
    [InlineData("2026", "2026-01-01T00:00:00Z")]
    [InlineData("Fri,  3 Mar 23 01:29:12 GMT", "2023-03-03T01:29:12Z")]
    [InlineData("Wed, 1 Mar 2023 20:28:17 EST", "2023-03-02T01:28:17Z")]
    [InlineData("1 March 2023", "2023-03-01T00:00:00Z")]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    [InlineData("99999-99-99", null)]
    public void Dates_of_every_form_are_read(string text, string? date) =>
        Assert.Equal(date is null ? null : DateTimeOffset.Parse(date, null), DigestDates.Read(text));

    [Theory]
    [InlineData("2026-03-01.jsonl", "2026-03-01")]
    [InlineData("in/cs_2026-03-01.jsonl", "2026-03-01")]
    [InlineData("https://example.org/daily/2026-03-01.jsonl?from=2026-01-01", "2026-03-01")]
    [InlineData("2026-03-01/papers.jsonl", null)]
    [InlineData("2026-01-01_2026-03-01.jsonl", null)]
    [InlineData("2026-13-41.jsonl", null)]
    [InlineData("12026-03-012.jsonl", null)]
    [InlineData("2036-03-01.jsonl", null)]
    [InlineData("papers.jsonl", null)]
    public void A_digest_without_a_day_is_of_the_day_that_its_name_bears(string name, string? day)
    {
        var digest = Fixtures.All["arxiv-daily-json"];
        var context = new DigestContext
        {
            Digest = new string('0', 64),
            RetrievedAt = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero),
            TraceId = "",
            Name = name,
        };

        var parsed = new DigestParser().Parse(() => new MemoryStream(digest), context);

        Assert.Equal(day, parsed.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.All(parsed.Items.OfType<ParsedEntry>(), e => Assert.Equal(parsed.Day, e.Entry.Day));
        var stated = new DigestParser().Parse(
            () => new MemoryStream(digest),
            context with
            {
                StatedDay = new DateOnly(2025, 1, 1),
            }
        );
        Assert.Equal(new DateOnly(2025, 1, 1), stated.Day);
    }
}
