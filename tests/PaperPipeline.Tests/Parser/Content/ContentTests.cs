using PaperPipeline.Parser.Content;

namespace PaperPipeline.Tests.Parser.Content;

public sealed class ContentTests
{
    [Theory]
    [InlineData("{\"a\": 1}", ContentKind.Json)]
    [InlineData("[\n {\"a\": 1}]", ContentKind.Json)]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", ContentKind.JsonLines)]
    [InlineData("{\n\"a\":1}", ContentKind.Json)]
    [InlineData("[Notes] of the day", ContentKind.Text)]
    [InlineData("<?xml version='1.0'?><rss/>", ContentKind.Xml)]
    [InlineData("\uFEFF\n<feed xmlns='x'/>", ContentKind.Xml)]
    [InlineData("<?xml version='1.0'?><!-- x --><html/>", ContentKind.Html)]
    [InlineData("<!DOCTYPE html><html>", ContentKind.Html)]
    [InlineData("<div>x</div>", ContentKind.Html)]
    [InlineData("< 5 papers", ContentKind.Text)]
    [InlineData("From: a@example.org\nSubject: x\n\nbody", ContentKind.Mail)]
    [InlineData("From a@example.org Thu Jan  1 00:00:00 2026\nSubject: x\n\n", ContentKind.Mail)]
    [InlineData("Date: Fri, 3 Mar 23 01:29:12 GMT\nSubject: x daily 5 new\n\n---", ContentKind.Text)]
    [InlineData("From here on: nothing\nbut text", ContentKind.Text)]
    public void The_kind_is_told_from_the_beginning(string text, ContentKind kind) =>
        Assert.Equal(kind, Contents.Of(text).Kind);

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
