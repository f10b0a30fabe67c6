using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace PaperPipeline.Parser.Content;

/// <summary>A line of a page: the text of one block, and the links in it.</summary>
/// <param name="Number">Its number among the lines that have text, from 1.</param>
/// <param name="Text">Its text, white space folded.</param>
/// <param name="Links">Its links: text, and the address as it is written.</param>
internal readonly record struct HtmlLine(int Number, string Text, IReadOnlyList<(string Text, string Address)> Links);

/// <summary>Reads a page as the lines that a person sees.</summary>
internal static class HtmlLines
{
    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "math",
        "mfrac",
        "mi",
        "mn",
        "mo",
        "mrow",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtext",
        "q",
        "s",
        "samp",
        "semantics",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    };

    private static readonly HashSet<string> Unseen = new(StringComparer.OrdinalIgnoreCase)
    {
        "script",
        "style",
        "head",
        "template",
        "noscript",
        "svg",
        // The source of a formula beside the formula.
        "annotation",
        "title",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> InlineName = Inline.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>True for an element that stands within a line.</summary>
    public static bool IsInline(ReadOnlySpan<char> name) => InlineName.Contains(name);

    /// <summary>The lines of the page, in order.</summary>
    public static IEnumerable<HtmlLine> Of(IHtmlDocument page)
    {
        var (text, links, number) = (new StringBuilder(), new List<(string, string)>(), 0);
        // Walked without recursion: pages of strangers may be deep.
        INode? node = page.Body;
        while (node is not null)
        {
            var isElement = node is IElement;
            var breaks = node is IElement element && !Inline.Contains(element.LocalName);
            if (breaks && Take() is { } before)
                yield return before;
            if (node is IText piece)
                text.Append(piece.Data);
            if (node is IHtmlAnchorElement anchor && anchor.GetAttribute("href") is { Length: > 0 } address)
                links.Add((Folding.Fold(anchor.TextContent), address.Trim()));
            if (node.FirstChild is { } child && !(isElement && Unseen.Contains(((IElement)node).LocalName)))
            {
                node = child;
                continue;
            }

            while (node is not null && node.NextSibling is null)
            {
                node = node == page.Body ? null : node.Parent;
                if (node is IElement closed && !Inline.Contains(closed.LocalName) && Take() is { } after)
                    yield return after;
            }

            node = node == page.Body ? null : node?.NextSibling;
        }

        if (Take() is { } last)
            yield return last;

        HtmlLine? Take()
        {
            var folded = Folding.Fold(text.ToString());
            text.Clear();
            if (folded.Length == 0 && links.Count == 0)
                return null;
            var line = new HtmlLine(++number, folded, [.. links]);
            links.Clear();
            return line;
        }
    }
}
