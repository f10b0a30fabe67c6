using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Content;

/// <summary>Tells what a digest is from how it begins. The rules are coarse: a shape looks closer.</summary>
internal static partial class ContentSniffer
{
    /// <summary>The kind of what begins like this, in words too.</summary>
    public static ContentKind KindOf(string head)
    {
        var text = head.AsSpan().TrimStart(" \t\r\n\uFEFF");
        if (text.IsEmpty)
            return ContentKind.Text;
        return text[0] switch
        {
            '<' when Markup().IsMatch(text) => IsHtml(text) ? ContentKind.Html : ContentKind.Xml,
            '{' or '[' when JsonBeginning().IsMatch(text) => IsLines(text) ? ContentKind.JsonLines : ContentKind.Json,
            _ => IsMail(head) ? ContentKind.Mail : ContentKind.Text,
        };
    }

    /// <summary>The kind, for a person.</summary>
    public static string Name(ContentKind kind) =>
        kind switch
        {
            ContentKind.Json => "JSON",
            ContentKind.JsonLines => "JSON lines",
            ContentKind.Xml => "XML",
            ContentKind.Html => "HTML",
            ContentKind.Mail => "a mail",
            _ => "text",
        };

    private static bool IsHtml(ReadOnlySpan<char> text)
    {
        // Comments and the DOCTYPE may hold what looks like an element.
        while (text.StartsWith("<!") || text.StartsWith("<?"))
        {
            var close =
                text.StartsWith("<!--") ? "-->"
                : text.StartsWith("<?") ? "?>"
                : text[..(text.IndexOf('>') + 1)].Contains('[') ? "]>"
                : ">";
            var end = text.IndexOf(close);
            if (end < 0)
                break;
            text = text[(end + close.Length)..].TrimStart();
        }

        foreach (var match in FirstElement().EnumerateMatches(text))
            return HtmlName().IsMatch(text.Slice(match.Index, match.Length).TrimStart('<'));
        return false;
    }

    // Two lines, each of which begins an object: an object over several lines has its first member there, and where it has a
    // list of objects, a line each, the first line does not end.
    private static bool IsLines(ReadOnlySpan<char> text)
    {
        var first = text.IndexOf('\n');
        if (text[0] != '{' || first < 2)
            return false;
        var second = text[first..].TrimStart();
        var line = text[..first].Trim();
        return line.Length > 1 && line[^1] is not (',' or '[' or ':' or '{') && second.Length > 1 && second[0] == '{';
    }

    private static bool IsMail(string head)
    {
        if (head.StartsWith("From ", StringComparison.Ordinal) && MailboxLine().IsMatch(head))
            return true;
        var known = false;
        foreach (var line in head.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
                return known;
            if (line[0] is ' ' or '\t')
                continue;
            if (!HeaderField().IsMatch(line))
                return false;
            known |= MailField().IsMatch(line);
        }

        return known;
    }

    [GeneratedRegex(@"^<(?:[A-Za-z_]|\?xml|!doctype|!--)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(@"<[A-Za-z_][\w:.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex FirstElement();

    [GeneratedRegex(
        "^(?:html|head|body|meta|title|link|script|style|div|p|h[1-6]|table|tbody|tr|td|ul|ol|li|span|a|b|i|br|center|font"
            + "|article|section|main|header|footer|img|blockquote)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex HtmlName();

    [GeneratedRegex(@"^(?:\{\s*(?:[""}]|$)|\[\s*(?:[\[\]{""tfn0-9-]|$))", RegexOptions.CultureInvariant)]
    private static partial Regex JsonBeginning();

    [GeneratedRegex(@"^[!-9;-~]+[ \t]*:", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderField();

    // What only a mail has; Date and Subject also stand above listings that are none.
    [GeneratedRegex(
        "^(?:from|received|return-path|delivered-to|message-id|mime-version|content-type|x-[a-z0-9-]+|dkim-signature)[ \t]*:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex MailField();

    [GeneratedRegex(@"^From (?:\S+ +\w{3} \w{3} +\d|-?[ \t]*\r?(?:\n|$))", RegexOptions.CultureInvariant)]
    private static partial Regex MailboxLine();
}
