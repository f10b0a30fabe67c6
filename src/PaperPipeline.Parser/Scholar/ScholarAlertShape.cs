using System.Text.RegularExpressions;
using AngleSharp.Dom;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Scholar;

/// <summary>
/// An alert of Google Scholar, as HTML or as text: titles that link to the papers by way of Scholar, below each a line of
/// authors and a snippet, which is no abstract.
/// </summary>
internal sealed partial class ScholarAlertShape : IDigestShape
{
    public string Name => "google-scholar-alert";

    public ContentKind Kinds => ContentKind.Html | ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        const string lookedFor = "titles that link to scholar_url?url=";
        if (!Mark().IsMatch(content.Head))
            return Recognition.None(lookedFor);
        if (content.Kind == ContentKind.Text)
            return Recognition.Of(new ScholarAlertText(content), "an address scholar_url?url= below a title");
        return ScholarAlertPage.Titles(content.Html).Any()
            ? Recognition.Of(new ScholarAlertPage(content), "titles that link to scholar_url?url=")
            : Recognition.None(lookedFor);
    }

    [GeneratedRegex(
        @"gse_alrt_title|scholar\.google\.[a-z.]+/scholar_url\?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Mark();
}

/// <summary>The alert as HTML, ready to be read.</summary>
internal sealed partial class ScholarAlertPage(DigestContent content) : IRecognisedDigest
{
    private readonly Dictionary<IElement, List<IElement>> siblings = [];
    private readonly Dictionary<IElement, int> places = [];

    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var (number, accounted) = (0, new HashSet<IElement>());
        foreach (var anchor in Titles(content.Html))
        {
            number++;
            accounted.Add(anchor);
            if (anchor.Closest("h3") is { } heading)
                accounted.Add(heading);
            var paper = new ScholarPaper(Folding.Fold(anchor.TextContent), anchor.GetAttribute("href") ?? "");
            foreach (var block in Below(anchor, accounted))
            {
                var text = Folding.Fold(Spaced(block));
                if (text.Length == 0 || (paper.Byline is not null && paper.Snippet is not null))
                    continue;
                if (IsSnippet(block) || paper.Byline is not null)
                    paper.Snippet ??= text;
                else
                    paper.Byline = Byline.Of(text);
            }

            foreach (var item in paper.Items(context, $"title {ScholarPaper.Number(number)}"))
                yield return item;
        }

        // A heading, or a link of the kind, that is no title shows that the layout is another one.
        var others = 0;
        foreach (var other in content.Html.QuerySelectorAll("h3,a[href*='scholar_url?url=']"))
            if (!accounted.Contains(other) && Folding.Fold(other.TextContent) is { Length: > 0 } text)
                yield return new ReportedPlace(
                    $"heading {ScholarPaper.Number(++others)}",
                    "a heading, or a link by way of Scholar, that is no title of a paper",
                    ServiceDefaults.Messaging.Rejections.Excerpt(text)
                );
        if (IsCutOff())
            yield return new ReportedPlace("the end", "the alert is cut off: its last elements are not closed", "");
    }

    /// <summary>The titles. Mail programs that forward an alert change the class, or lose it.</summary>
    public static IEnumerable<IElement> Titles(IDocument page)
    {
        var marked = page.QuerySelectorAll("a[class*='gse_alrt_title']");
        return marked.Length > 0
            ? marked
            : page.QuerySelectorAll("h3 a[href*='scholar_url?'],h2 a[href*='scholar_url?']");
    }

    // What stands between a title and the next one.
    private IEnumerable<IElement> Below(IElement anchor, HashSet<IElement> accounted)
    {
        var heading = anchor.Closest("h1,h2,h3,h4") ?? anchor.ParentElement!;
        // To ask an element for the next one takes as long as there are elements before it.
        if (!siblings.TryGetValue(heading.ParentElement!, out var all))
        {
            all = [.. heading.ParentElement!.Children];
            siblings.Add(heading.ParentElement, all);
            for (var i = 0; i < all.Count; i++)
                places[all[i]] = i;
        }

        for (var i = places[heading] + 1; i < all.Count; i++)
        {
            var next = all[i];
            // No block is looked at twice, however titles lie.
            if (!accounted.Add(next))
                yield break;
            if (next.LocalName is "h1" or "h2" or "h3" or "h4")
            {
                accounted.Remove(next);
                yield break;
            }

            if (next.QuerySelector("h3,a[class*='gse_alrt_title']") is not null)
                yield break;
            if (next.LocalName is not ("br" or "table" or "style" or "p" or "hr"))
                yield return next;
        }
    }

    private static bool IsSnippet(IElement block) =>
        block.ClassName?.Contains("gse_alrt_sni", StringComparison.Ordinal) == true;

    // Lines are broken for the eye, in the middle of words with hyphens too.
    private static string Spaced(IElement block)
    {
        var text = new System.Text.StringBuilder();
        foreach (var node in block.Descendants())
            if (node is IText piece)
                text.Append(piece.Data);
            else if (
                node is IElement { LocalName: "br" }
                && !(text.Length > 1 && text[^1] == '-' && char.IsLetter(text[^2]))
            )
                text.Append(' ');
        return text.ToString();
    }

    private bool IsCutOff() =>
        content.Head.Length < DigestContent.HeadSize / 2
        && (
            content.Head.LastIndexOf('<') > content.Head.LastIndexOf('>')
            || (
                content.Head.Contains("<body", StringComparison.OrdinalIgnoreCase)
                && !content.Head.Contains("</body", StringComparison.OrdinalIgnoreCase)
            )
        );
}
