using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Feeds;

/// <summary>A text of a feed: plain, or a piece of HTML.</summary>
/// <param name="Value">As the feed has it, once the XML or JSON around it is read.</param>
/// <param name="IsMarkup">It is HTML.</param>
internal readonly partial record struct FeedText(string Value, bool IsMarkup)
{
    /// <summary>What a person reads, white space folded.</summary>
    /// <exception cref="InvalidDataException">It is HTML that exceeds a limit.</exception>
    public string Plain => IsMarkup ? HtmlText.Of(Value) : Folding.Fold(Value);

    /// <summary>A text of which nobody says whether it is HTML: it is where it has tags or entities of HTML.</summary>
    public static FeedText Guess(string value) => new(value, HasMarkup(value));

    /// <summary>
    /// A text construct of Atom (RFC 4287, section 3.1) with its <c>type</c>, and of Atom 0.3 also with its <c>mode</c>; of
    /// RSS, which has neither, the guess.
    /// </summary>
    public static FeedText Of(XElement element)
    {
        var (type, mode) = (Attribute(element, "type"), Attribute(element, "mode"));
        if (element.HasElements)
            return new FeedText(Inner(element, isConstruct: type == "xhtml"), IsMarkup: true);
        var value = element.Value;
        if (mode == "base64" || (mode.Length == 0 && IsBinary(type)))
            return Decoded(value) is { } decoded ? Guess(decoded) : Guess(value);
        return type switch
        {
            "html" or "text/html" or "application/xhtml+xml" => new FeedText(value, IsMarkup: true),
            "text" or "text/plain" => new FeedText(value, IsMarkup: false),
            _ => Guess(value),
        };
    }

    private static bool HasMarkup(string value) => value.AsSpan().IndexOfAny('<', '&') >= 0 && Markup().IsMatch(value);

    private static string Attribute(XElement element, string name) =>
        element.Attribute(name)?.Value.Trim().ToLowerInvariant() ?? "";

    private static bool IsBinary(string type) =>
        type.Contains('/', StringComparison.Ordinal)
        && !type.StartsWith("text/", StringComparison.Ordinal)
        && !type.EndsWith("xml", StringComparison.Ordinal);

    private static string? Decoded(string value)
    {
        var bytes = new byte[(value.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(value.Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }

    // Of XHTML in Atom 1.0 the div around it is no part of the text.
    private static string Inner(XElement element, bool isConstruct)
    {
        var around = element;
        if (isConstruct && element.Elements().Count() == 1 && element.Elements().Single() is { } only)
            around = only.Name.LocalName == "div" ? only : element;
        var text = new StringBuilder();
        foreach (var node in around.Nodes())
            Write(node, text);
        return text.ToString();
    }

    // Without namespaces, as HTML is written; the depth is limited by SafeXml.
    private static void Write(XNode node, StringBuilder text)
    {
        if (node is XText piece)
            text.Append(
                piece
                    .Value.Replace("&", "&amp;", StringComparison.Ordinal)
                    .Replace("<", "&lt;", StringComparison.Ordinal)
                    .Replace(">", "&gt;", StringComparison.Ordinal)
            );
        if (node is not XElement element)
            return;
        text.Append('<').Append(element.Name.LocalName);
        foreach (var attribute in element.Attributes())
            text.Append(' ')
                .Append(attribute.Name.LocalName)
                .Append("=\"")
                .Append(WebUtility.HtmlEncode(attribute.Value))
                .Append('"');
        text.Append('>');
        foreach (var child in element.Nodes())
            Write(child, text);
        if (!Empty().IsMatch(element.Name.LocalName))
            text.Append("</").Append(element.Name.LocalName).Append('>');
    }

    [GeneratedRegex(
        @"</?(?:a|abbr|address|article|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|iframe"
            + @"|img|ins|kbd|li|math|mml:math|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody"
            + @"|td|th|thead|tr|tt|u|ul|var|video)(?:\s+[\w:.-]+\s*=[^<>]*)?\s*/?>|<!--|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Markup();

    [GeneratedRegex("^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$", RegexOptions.IgnoreCase)]
    private static partial Regex Empty();
}
