using System.Text;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed class TrendingTextTests
{
    [Theory]
    [InlineData("May 22", "2025-05-23", "2025-05-22")]
    [InlineData("May 24", "2025-05-23", "2024-05-24")]
    [InlineData("Feb 29", "2025-05-23", "2024-02-29")]
    [InlineData("Thursday, 22 May 2025", "2026-01-01", "2025-05-22")]
    [InlineData("2025-05-22", "2026-01-01", "2025-05-22")]
    public void A_day_without_a_year_is_the_latest_not_after_retrieval(string line, string retrieved, string expected)
    {
        var context = Pages.Context with { RetrievedAt = DateTimeOffset.Parse(retrieved + "T00:00Z", null) };
        var page = Pages.Page(Pages.Invent(3)).Replace("May 22", line, StringComparison.Ordinal);
        Assert.Equal(DateOnly.Parse(expected, null), Pages.Parse(page, context).Day);
    }

    [Fact]
    public void A_stated_day_wins_and_says_when_it_was_stated()
    {
        var context = Pages.Context with
        {
            StatedDay = new DateOnly(2025, 1, 2),
            DayStatedAt = Pages.Context.RetrievedAt,
        };
        var digest = Pages.Parse(Pages.Page(Pages.Invent(2)), context);
        Assert.All(
            digest.Items.OfType<ParsedEntry>(),
            e => Assert.Equal((context.StatedDay, context.DayStatedAt), (e.Entry.Day, e.Entry.DayStatedAt))
        );
    }

    [Fact]
    public void Entries_are_numbered_and_ranked_in_source_order()
    {
        var entries = Pages
            .Parse(Pages.Page(Pages.Invent(5)))
            .Items.OfType<ParsedEntry>()
            .Select(e => e.Entry)
            .ToArray();
        Assert.Equal([1, 2, 3, 4, 5], entries.Select(e => e.Ordinal));
        Assert.All(entries, e => Assert.Equal((e.Ordinal, "huggingface-trending"), (e.Rank!.Value, e.Source)));
    }

    [Fact]
    public void A_paper_without_abstract_leaves_the_others_right()
    {
        for (var missing = 0; missing < 12; missing++)
        {
            var papers = Pages.Invent(12);
            papers[missing] = papers[missing] with { Abstract = null };
            Assert.Equal(papers, Pages.Parse(Pages.Page(papers)).Papers());
        }
    }

    [Fact]
    public void An_abstract_without_title_is_reported_and_never_attached()
    {
        var papers = Pages.Invent(12);
        var page = Pages.Page(papers).Replace(papers[4].Title + "\n\n", string.Empty, StringComparison.Ordinal);
        var digest = Pages.Parse(page);
        Assert.Equal(papers.Where((_, n) => n != 4), digest.Papers());
        Assert.Equal(
            "line 27",
            Assert.Single(digest.Places()).Position.Replace("lines", "line", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_short_abstract_without_full_stop_is_an_abstract()
    {
        Paper[] papers =
        [
            .. Pages.Invent(2),
            new(
                "A closing note on garden gates and their hinges",
                "This is the last note on the answers given to my earlier paper in the Quarterly of Gates"
            ),
            .. Pages.Invent(2),
        ];
        Assert.Equal(papers, Pages.Parse(Pages.Page(papers)).Papers());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_byte_order_mark_tells_the_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var papers = Pages.Invent(3);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(Pages.Page(papers))];
        Assert.Equal(papers, Pages.Parse(bytes).Papers());
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_replaced_and_reported()
    {
        var bytes = Encoding.UTF8.GetBytes(Pages.Page(Pages.Invent(2)));
        bytes[Encoding.UTF8.GetString(bytes).IndexOf("Scale", StringComparison.Ordinal)] = 0xE9;
        var digest = Pages.Parse(bytes);
        Assert.Contains('\uFFFD', digest.Papers()[0].Title);
        Assert.Equal("line 11", Assert.Single(digest.Places()).Position);
        Assert.Equal(2, digest.Papers().Length);
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut_and_reported()
    {
        var digest = Pages.Parse(Pages.Page([new Paper("Very Long Rows of Beans", new string('x', 300_000))]));
        Assert.Equal(DigestText.LongestLine, Assert.Single(digest.Papers()).Abstract!.Length);
        Assert.Equal("line 13 is longer than 256 KiB: cut", Assert.Single(digest.Places()).Reason);
    }

    [Theory]
    [InlineData("", "the digest is empty")]
    [InlineData(" \n\t\r\n\uFEFF", "the digest is empty")]
    [InlineData("new\n\0\n", "binary file")]
    [InlineData("Dear all,\nthe meeting is moved.", "by AK and the research community")]
    public void What_is_no_digest_is_refused_with_a_reason(string text, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<UnreadableDigestException>(() => Pages.Parse(text)).Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void Pages_pasted_together_are_one_digest_and_another_day_is_reported()
    {
        var papers = Pages.Invent(6);
        var page =
            Pages.Page(papers[..3])
            + "\n"
            + Pages.Page(papers[3..]).Replace("May 22", "May 21", StringComparison.Ordinal);
        var digest = Pages.Parse(page);
        Assert.Equal(papers, digest.Papers());
        Assert.Equal("May 21", Assert.Single(digest.Places()).Excerpt);
    }

    [Fact]
    public void A_line_without_letters_is_reported()
    {
        var papers = Pages.Invent(2);
        var digest = Pages.Parse(Pages.Page(papers).Replace("May 22\n", "May 22\n\n-----\n", StringComparison.Ordinal));
        Assert.Equal(papers, digest.Papers());
        Assert.Equal("line 11", Assert.Single(digest.Places()).Position);
    }
}
