using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>
/// A newsletter that nobody knows in particular: a page, or a text, with links to papers. The papers are what it links to, and
/// all else is furniture.
/// </summary>
internal sealed partial class NewsletterShape : IDigestShape
{
    public const string ShapeName = "newsletter";

    public string Name => ShapeName;

    public ContentKind Kinds => ContentKind.Html | ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        const string lookedFor = "a link to a paper";
        var digest = new Newsletter(content);
        return digest.FirstPaper() is { } paper
            ? Recognition.Of(digest, $"a link to a paper, {paper.Url}")
            : Recognition.None(lookedFor);
    }
}

/// <summary>The newsletter, ready to be read.</summary>
internal sealed partial class Newsletter(DigestContent content) : IRecognisedDigest
{
    // Who links to a paper does so near the beginning.
    private const int LooksAt = 20_000;

    public DateOnly? Day(DateOnly retrieved) => null;

    /// <summary>The first paper that it links to.</summary>
    public PaperLink? FirstPaper()
    {
        if (content.Kind == ContentKind.Text && !content.Head.Contains("://", StringComparison.Ordinal))
            return null;
        foreach (var line in Lines().Take(LooksAt))
        foreach (var (_, address) in line.Links)
            if (PaperLink.Of(address) is { } paper)
                return paper;
        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var mentions = new MentionReader(context, NewsletterShape.ShapeName);
        foreach (var line in Lines())
        foreach (var item in mentions.Add(line))
            yield return item;
        foreach (var item in mentions.End())
            yield return item;
        if (content.Kind == ContentKind.Html && IsCutOff())
            yield return new ReportedPlace("the end", "the page is cut off: its last elements are not closed", "");
    }

    private IEnumerable<LinkedLine> Lines() =>
        content.Kind == ContentKind.Html ? LinkedLine.OfPage(content) : LinkedLine.OfText(content.Text);

    // A page that opens its body closes it; a piece of one closes what it begins with.
    private bool IsCutOff()
    {
        var last = "";
        using (var reader = content.OpenText())
        {
            var buffer = new char[16 * 1024];
            int read;
            while ((read = reader.ReadBlock(buffer, 0, buffer.Length)) > 0)
                last = (read < 4096 ? last : "") + new string(buffer, 0, read);
        }

        var end = last.AsSpan().TrimEnd();
        if (end.LastIndexOf('<') > end.LastIndexOf('>'))
            return true;
        var first = Opening().Match(content.Head);
        return first.Success && !last.Contains($"</{first.Groups["name"].Value}", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(
        @"<(?<name>html|body|div|table|ul|ol|article|section|main|center)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Opening();
}
