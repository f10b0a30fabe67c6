using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace PaperPipeline.Parser.Content;

/// <summary>The one way in which HTML is read: scripts are text, nothing is loaded, size and depth are limited.</summary>
internal static partial class HtmlPage
{
    /// <summary>Greatest size, in characters.</summary>
    public const int Longest = 8 * 1024 * 1024;

    /// <summary>Greatest depth of elements.</summary>
    public const int Deepest = 512;

    /// <summary>Greatest number of elements.</summary>
    public const int MostElements = 80_000;

    /// <summary>Reads the page.</summary>
    /// <exception cref="InvalidDataException">It exceeds a limit.</exception>
    public static IHtmlDocument Read(DigestContent content)
    {
        using var reader = content.OpenText();
        var text = new char[64 * 1024];
        var (length, read) = (0, 0);
        while ((read = reader.ReadBlock(text, length, text.Length - length)) > 0)
        {
            length += read;
            if (length > Longest)
                throw new InvalidDataException($"the page is larger than {Longest / 1024 / 1024} Mi characters");
            if (length == text.Length)
                Array.Resize(ref text, 2 * length);
        }

        text.AsSpan(0, length).Replace(DigestContent.Undecodable, '\uFFFD');
        return Read(text.AsMemory(0, length));
    }

    /// <summary>Reads a page, or a piece of one.</summary>
    /// <exception cref="InvalidDataException">It exceeds a limit.</exception>
    public static IHtmlDocument Read(string html) => Read(html.AsMemory());

    private static IHtmlDocument Read(ReadOnlyMemory<char> html)
    {
        if (html.Length > Longest)
            throw new InvalidDataException($"the page is larger than {Longest / 1024 / 1024} Mi characters");
        RequireFlat(html.Span);
        // A context without loaders, scripting or styles. From memory, because of a string the parser makes a copy.
        return new HtmlParser(
            new HtmlParserOptions { IsScripting = false },
            BrowsingContext.New(Configuration.Default)
        ).ParseDocument(html);
    }

    // A parser's work grows with the square of the depth, so it is counted first: how many tags of each name are open.
    private static void RequireFlat(ReadOnlySpan<char> html)
    {
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var lookup = open.GetAlternateLookup<ReadOnlySpan<char>>();
        var (depth, elements) = (0, 0);
        foreach (var match in Tag().EnumerateMatches(html))
        {
            var tag = html.Slice(match.Index + 1, match.Length - 1);
            var closes = tag[0] == '/';
            if (closes)
                tag = tag[1..];
            else if (++elements > MostElements)
                throw new InvalidDataException($"the page has more than {MostElements} elements");
            if (NeverDeep().IsMatch(tag))
                continue;
            lookup.TryGetValue(tag, out var count);
            if (closes && count == 0)
                continue;
            lookup[tag] = closes ? count - 1 : count + 1;
            depth += closes ? -1 : 1;
            if (depth > Deepest || open.Count > 1000)
                throw new InvalidDataException($"elements lie more than {Deepest} deep");
        }
    }

    [GeneratedRegex("</?[A-Za-z][A-Za-z0-9:-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    // Elements that are empty, or end by themselves where the next one begins.
    [GeneratedRegex(
        "^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|dt|dd|tr|td|th|option|thead|tbody|tfoot)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex NeverDeep();
}
