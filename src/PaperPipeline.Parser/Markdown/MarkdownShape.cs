using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Newsletters;

namespace PaperPipeline.Parser.Markdown;

/// <summary>
/// A digest in Markdown: a table with a row for each paper, as daily collections have it, or a list or headings that link to
/// papers.
/// </summary>
internal sealed partial class MarkdownShape : IDigestShape
{
    public const string Source = "markdown";

    public string Name => "markdown-digest";

    public ContentKind Kinds => ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        const string lookedFor = "a table of papers, or lists and headings that link to papers, in Markdown";
        // Most texts have neither cells nor links, which one look tells.
        var (tables, items) = (content.Head.Contains('|'), content.Head.Contains("](", StringComparison.Ordinal));
        foreach (var match in Table().EnumerateMatches(tables ? content.Head : ""))
        {
            var header = content.Head.AsSpan(match.Index, match.Length).Trim();
            var line = header[..header.IndexOfAny('\r', '\n')].ToString();
            var table = MarkdownTable.Of(line, new Dictionary<string, string>(StringComparer.Ordinal));
            if (table.IsOfPapers)
                return Recognition.Of(new MarkdownDigest(content), $"a table of papers: {Folding.Fold(line)}");
        }

        foreach (Match item in Item().Matches(items ? content.Head : ""))
        foreach (Match link in Link().Matches(item.Value))
            if (PaperLink.Of(link.Groups["url"].Value) is { } paper)
                return Recognition.Of(new MarkdownDigest(content), $"Markdown that links to a paper, {paper.Url}");
        return Recognition.None(lookedFor);
    }

    // A row of names above a row of lines.
    [GeneratedRegex(
        @"^[ \t]*[^\r\n|]*\|[^\r\n]*\r?\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Table();

    // A line with links that is an item, a heading, a row or begins with bold letters or a link.
    [GeneratedRegex(
        @"^[ \t]{0,12}(?:[-*+][ \t]|[0-9]{1,4}[.)][ \t]|#{1,6}[ \t]|\||\[|\*\*)[^\r\n]*\]\([^\r\n]*",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Item();

    [GeneratedRegex(@"\]\([ \t]*<?(?<url>https?://[^\s)>]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
