using System.Net;
using System.Text;

namespace PaperPipeline.Parser.Content;

/// <summary>The text of a piece of HTML, as a person reads it.</summary>
internal static class HtmlText
{
    private const int LongestEntity = 34;

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "section",
        "ul",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Block = Blocks.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>The text, white space folded.</summary>
    /// <exception cref="InvalidDataException">It exceeds the limits of a page.</exception>
    public static string Of(string html)
    {
        if (html.AsSpan().IndexOfAny('<', '&') < 0)
            return Folding.Fold(html);
        if (Simple(html) is { } simple)
            return simple;
        var text = new StringBuilder(html.Length);
        foreach (var line in HtmlLines.Of(HtmlPage.Read(html)))
            text.Append(text.Length > 0 && line.Text.Length > 0 ? " " : "").Append(line.Text);
        return text.ToString();
    }

    // Most pieces are some paragraphs with a few signs of emphasis, and need no page around them. Null for all else.
    private static string? Simple(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; )
        {
            var next = html.AsSpan(at).IndexOfAny('<', '&');
            if (next < 0)
                next = html.Length - at;
            text.Append(html, at, next);
            at += next;
            if (at == html.Length)
                break;
            var length = html[at] == '<' ? Tag(html.AsSpan(at), text) : Entity(html.AsSpan(at), text);
            if (length == 0)
                return null;
            at += length;
        }

        return Folding.Fold(text.ToString());
    }

    // How long the tag is; 0 for one that only a reader of pages understands.
    private static int Tag(ReadOnlySpan<char> html, StringBuilder text)
    {
        var start = html.Length > 1 && html[1] == '/' ? 2 : 1;
        var end = start;
        while (end < html.Length && char.IsAsciiLetterOrDigit(html[end]))
            end++;
        if (end == start || !char.IsAsciiLetter(html[start]))
        {
            // A sign of comparison.
            if (start == 1 && html.Length > 1 && (html[1] is ' ' or '=' || char.IsAsciiDigit(html[1])))
            {
                text.Append('<');
                return 1;
            }

            return 0;
        }

        var name = html[start..end];
        var isBlock = Block.Contains(name);
        if (!isBlock && !HtmlLines.IsInline(name))
            return 0;
        var quote = '\0';
        for (; end < html.Length; end++)
        {
            var c = html[end];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c == '<')
                return 0;
            else if (c == '>')
            {
                text.Append(isBlock ? " " : "");
                return end + 1;
            }
        }

        return 0;
    }

    private static int Entity(ReadOnlySpan<char> html, StringBuilder text)
    {
        var end = html[..Math.Min(html.Length, LongestEntity)].IndexOf(';');
        if (html.Length == 1 || html[1] is ' ' or '\t' or '\r' or '\n')
        {
            text.Append('&');
            return 1;
        }

        if (end < 0)
            return 0;
        var entity = html[..(end + 1)].ToString();
        var meant = WebUtility.HtmlDecode(entity);
        if (meant == entity)
            return 0;
        text.Append(meant);
        return entity.Length;
    }
}
