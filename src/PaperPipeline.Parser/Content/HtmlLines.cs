using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace PaperPipeline.Parser.Content;

/// <summary>A line of a page: the text of one block, and the links in it.</summary>
/// <param name="Number">Its number among the lines that have text, from 1.</param>
/// <param name="Text">Its text, white space folded.</param>
/// <param name="Links">Its links: text, and the address as it is written.</param>
/// <param name="IsHeading">It is a heading.</param>
/// <param name="Strong">The pieces of its text that are in bold letters.</param>
internal readonly record struct HtmlLine(
    int Number,
    string Text,
    IReadOnlyList<(string Text, string Address)> Links,
    bool IsHeading,
    IReadOnlyList<string> Strong
);

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
        var (strong, isHeading) = (new StringBuilder(), false);
        // Walked without recursion, because pages of strangers may be deep, and by index, because to ask a node for the next
        // one takes as long as there are nodes before it.
        var open = new Stack<(INode Node, int Next)>();
        if (page.Body is { } body)
            open.Push((body, 0));
        while (open.TryPop(out var at))
        {
            var (node, next) = at;
            var breaks = node is IElement element && !Inline.Contains(element.LocalName);
            if (next == 0)
            {
                if (breaks && Take() is { } before)
                    yield return before;
                if (node is IHtmlAnchorElement anchor && anchor.GetAttribute("href") is { Length: > 0 } address)
                    links.Add((Folding.Fold(anchor.TextContent), address.Trim()));
            }

            if (next < node.ChildNodes.Length && !(node is IElement unseen && Unseen.Contains(unseen.LocalName)))
            {
                open.Push((node, next + 1));
                var child = node.ChildNodes[next];
                if (child is IText piece)
                    Add(piece);
                else
                    open.Push((child, 0));
                continue;
            }

            if (breaks && Take() is { } after)
                yield return after;
        }

        if (Take() is { } last)
            yield return last;

        void Add(IText piece)
        {
            text.Append(piece.Data);
            if (Around(piece, ref isHeading))
                strong.Append(piece.Data);
            else if (strong.Length > 0 && !string.IsNullOrWhiteSpace(piece.Data))
                strong.Append('\0');
        }

        HtmlLine? Take()
        {
            var folded = Folding.Fold(text.ToString());
            text.Clear();
            if (folded.Length == 0 && links.Count == 0)
            {
                strong.Clear();
                isHeading = false;
                return null;
            }

            var line = new HtmlLine(++number, folded, [.. links], isHeading, Pieces(strong));
            links.Clear();
            strong.Clear();
            isHeading = false;
            return line;
        }
    }

    private static List<string> Pieces(StringBuilder strong) =>
        strong.Length == 0
            ? []
            : [.. strong.ToString().Split('\0').Select(p => Folding.Fold(p)).Where(p => p.Length > 0)];

    // True within bold letters; looked for as far up as the line goes.
    private static bool Around(INode node, ref bool isHeading)
    {
        var isStrong = false;
        for (var parent = node.ParentElement; parent is not null; parent = parent.ParentElement)
        {
            var name = parent.LocalName;
            isStrong |= name is "b" or "strong" or "th";
            if (Inline.Contains(name))
                continue;
            isHeading |= name is "h1" or "h2" or "h3" or "h4" or "h5" or "h6";
            break;
        }

        return isStrong || isHeading;
    }
}
