using CsCheck;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Tests.Parser.Content;

public sealed class ContentTests
{
    [Theory]
    [InlineData("{\"a\": 1}", ContentKind.Json)]
    [InlineData("[\n {\"a\": 1}]", ContentKind.Json)]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", ContentKind.JsonLines)]
    [InlineData("{\n\"a\":1}", ContentKind.Json)]
    [InlineData("{\"a\":[{\"b\":1},\n{\"b\":2}]}", ContentKind.Json)]
    [InlineData("[Notes] of the day", ContentKind.Text)]
    [InlineData("<?xml version='1.0'?><rss/>", ContentKind.Xml)]
    [InlineData("\uFEFF\n<feed xmlns='x'/>", ContentKind.Xml)]
    [InlineData("<?xml version='1.0'?><!-- x --><html/>", ContentKind.Html)]
    [InlineData("<!DOCTYPE html><html>", ContentKind.Html)]
    [InlineData("<!-- made by <a href='x'>us</a> --><rss/>", ContentKind.Xml)]
    [InlineData("<!DOCTYPE r [<!ENTITY a '<b>'>]>\n<rss/>", ContentKind.Xml)]
    [InlineData("<div>x</div>", ContentKind.Html)]
    [InlineData("< 5 papers", ContentKind.Text)]
    [InlineData("From: a@example.org\nSubject: x\n\nbody", ContentKind.Mail)]
    [InlineData("From a@example.org Thu Jan  1 00:00:00 2026\nSubject: x\n\n", ContentKind.Mail)]
    [InlineData("Date: Fri, 3 Mar 23 01:29:12 GMT\nSubject: x daily 5 new\n\n---", ContentKind.Text)]
    [InlineData("From here on: nothing\nbut text", ContentKind.Text)]
    public void The_kind_is_told_from_the_beginning(string text, ContentKind kind) =>
        Assert.Equal(kind, Contents.Of(text).Kind);

    [Fact]
    public void A_piece_of_HTML_reads_as_the_page_that_it_would_be()
    {
        string[] pieces =
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<a href='x>y'>",
            "</a>",
            "<br/>",
            "<ul><li>one</li><li>two</ul>",
            "<i class=\"c\">",
            "</i>",
            "<script>",
            "</script>",
            "<title>",
            "<!-- c -->",
            "word",
            "two words",
            " ",
            "\n",
            "&amp;",
            "&lt;",
            "&eacute;",
            "&nosuch;",
            "&#8217;",
            " & ",
            "x < y",
            "a<b",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Array[0, 12]
            .Sample(
                chosen =>
                {
                    var html = string.Concat(chosen.Select(n => pieces[n]));
                    var page = HtmlLines.Of(HtmlPage.Read(html)).Select(l => l.Text).Where(t => t.Length > 0);
                    Assert.Equal(string.Join(' ', page), HtmlText.Of(html));
                },
                iter: 2000
            );
    }

    [Fact]
    public void HTML_is_read_without_scripts_and_not_too_deep()
    {
        var page = HtmlPage.Read(Contents.Of("<p>One<script>document.write('two')</script><noscript>three</noscript>"));
        Assert.DoesNotContain("two", page.QuerySelector("p")!.ChildNodes[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("three", page.Body!.TextContent, StringComparison.Ordinal);

        var deep = Contents.Of(string.Concat(Enumerable.Repeat("<div>", 500_000)));
        Assert.Throws<InvalidDataException>(() => HtmlPage.Read(deep));
        var flat = Contents.Of("<ul>" + string.Concat(Enumerable.Repeat("<li>x<p>y<br>", 20_000)));
        Assert.Equal(20_000, HtmlPage.Read(flat).QuerySelectorAll("li").Length);
    }
}
