using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Newsletters;

namespace PaperPipeline.Parser.Markdown;

/// <summary>A piece of Markdown as a person sees it.</summary>
/// <param name="Text">Its text; a line break within is <c>\n</c>.</param>
/// <param name="Links">Its links: text, and address.</param>
/// <param name="Strong">The pieces of it that are in bold letters.</param>
internal sealed record MarkdownPiece(
    string Text,
    IReadOnlyList<(string Text, string Address)> Links,
    IReadOnlyList<string> Strong
)
{
    private bool? hasPaper;

    /// <summary>It links to a paper.</summary>
    public bool HasPaper => hasPaper ??= Links.Any(l => PaperLink.Of(l.Address) is not null);

    /// <summary>The text without the texts of its links.</summary>
    public string Own
    {
        get
        {
            var own = Text;
            foreach (var (text, _) in Links)
                if (text.Length > 0 && own.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                    own = own.Remove(at, text.Length);
            return own;
        }
    }
}

/// <summary>Reads links, bold letters and the like within a line of Markdown, in one pass.</summary>
internal sealed partial class MarkdownInline(IReadOnlyDictionary<string, string> references)
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder strong = new();
    private readonly List<(string, string)> links = [];
    private readonly bool[] open = new bool[4];
    private bool isStrong;
    private int dollar;

    // How far the end of something is looked for, and how deep brackets may lie: what strangers write has no bounds.
    private const int Farthest = 4096;
    private const int Deepest = 8;
    private const int MostMarks = 32;

    /// <summary>The piece that the Markdown shows.</summary>
    public static MarkdownPiece Read(string markdown, IReadOnlyDictionary<string, string> references)
    {
        var reader = new MarkdownInline(references);
        reader.Walk(markdown);
        return new MarkdownPiece(
            Lines(reader.text.ToString()),
            [.. reader.links],
            [.. reader.strong.ToString().Split('\0').Select(p => Folding.Fold(p)).Where(p => p.Length > 0)]
        );
    }

    private void Walk(string markdown)
    {
        dollar = markdown.IndexOf('$', StringComparison.Ordinal);
        for (var at = 0; at < markdown.Length; )
        {
            var c = markdown[at];
            var length =
                c == '\\'
                && at + 1 < markdown.Length
                && char.IsAsciiLetterOrDigit(markdown[at + 1]) == false
                && !IsTex(markdown, at)
                    ? Put(markdown[at + 1].ToString(), 2)
                : c == '!' && at + 1 < markdown.Length && markdown[at + 1] == '[' ? Picture(markdown, at)
                : c == '[' ? Link(markdown, at)
                : c == '<' ? Tag(markdown, at)
                : c is '*' or '_' ? Emphasis(markdown, at)
                : c == '`' ? 1
                : c == '&' ? Entity(markdown, at)
                : c == 'h' ? Bare(markdown, at)
                : 0;
            at += length > 0 ? length : Put(c.ToString(), 1);
        }
    }

    private int Put(string piece, int length)
    {
        text.Append(piece);
        if (isStrong)
            strong.Append(piece);
        return length;
    }

    // Titles hold TeX, where a backslash and what follows are one.
    private static bool IsTex(string markdown, int at) =>
        markdown[at + 1] is '{' or '}' or '"' or '\'' or '^' or ',' or ';' or '%' or '$';

    private static int Picture(string markdown, int at)
    {
        var end = Closing(markdown, at + 1);
        if (end < 0)
            return 0;
        return Destination(markdown, end + 1) is { } target ? target.End - at : end + 1 - at;
    }

    private int Link(string markdown, int at)
    {
        var end = Closing(markdown, at);
        if (end < 0)
            return 0;
        var label = markdown[(at + 1)..end];
        var (address, length) = (default(string), end + 1 - at);
        if (Destination(markdown, end + 1) is { } target)
            (address, length) = (target.Address, target.End - at);
        else if (Reference().Match(markdown, end + 1) is { Success: true } named)
            (address, length) = (
                references.GetValueOrDefault(
                    (named.Groups["name"].Length > 0 ? named.Groups["name"].Value : label).ToUpperInvariant()
                ),
                end + 1 + named.Length - at
            );
        else if (references.TryGetValue(label.ToUpperInvariant(), out var own))
            address = own;
        if (address is null)
        {
            // Brackets around links, or around anything else.
            Put("[", 1);
            Walk(label);
            Put("]", 1);
            return end + 1 - at;
        }

        var inner = new MarkdownInline(references);
        inner.Walk(label);
        var shown = Folding.Fold(inner.text.ToString());
        links.AddRange(inner.links);
        links.Add((shown, address));
        text.Append(shown);
        if (isStrong || inner.strong.Length > 0)
            strong.Append(shown).Append(' ');
        return length;
    }

    // The bracket that closes the one at this place; brackets may lie in brackets.
    private static int Closing(string markdown, int at)
    {
        var depth = 0;
        for (var i = at; i < markdown.Length && i - at < Farthest && depth <= Deepest; i++)
            if (markdown[i] == '\\')
                i++;
            else if (markdown[i] == '[')
                depth++;
            else if (markdown[i] == ']' && --depth == 0)
                return i;
        return -1;
    }

    private static (string Address, int End)? Destination(string markdown, int at)
    {
        if (at >= markdown.Length || markdown[at] != '(')
            return null;
        var depth = 0;
        for (var i = at; i < markdown.Length && i - at < Farthest && depth <= Deepest; i++)
            if (markdown[i] == '(')
                depth++;
            else if (markdown[i] == ')' && --depth == 0)
            {
                var inside = markdown[(at + 1)..i].Trim();
                var blank = inside.IndexOfAny([' ', '\t', '\n']);
                var address = (blank < 0 ? inside : inside[..blank]).Trim('<', '>');
                return (WebUtility.HtmlDecode(address.Replace("\\", "", StringComparison.Ordinal)), i + 1);
            }

        return null;
    }

    private int Tag(string markdown, int at)
    {
        var end = markdown.IndexOf('>', at, Math.Min(Farthest, markdown.Length - at));
        if (end < 0)
            return 0;
        var tag = markdown[(at + 1)..end];
        if (tag.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !tag.Contains(' ', StringComparison.Ordinal))
        {
            links.Add(("", tag));
            return end + 1 - at;
        }

        if (!Element().IsMatch(tag))
            return 0;
        if (Break().IsMatch(tag))
        {
            text.Append('\n');
            if (isStrong)
                strong.Append(' ');
            return end + 1 - at;
        }

        if (StrongTag().Match(tag) is { Success: true } bold)
            isStrong = bold.Groups["close"].Length == 0;
        if (Anchor().Match(tag) is not { Success: true } anchor)
            return end + 1 - at;
        var close = markdown.IndexOf(
            "</a>",
            end,
            Math.Min(Farthest, markdown.Length - end),
            StringComparison.OrdinalIgnoreCase
        );
        if (close < 0)
            return end + 1 - at;
        return
            Link(
                $"[{markdown[(end + 1)..close].Replace("]", "\\]", StringComparison.Ordinal)}]({WebUtility.HtmlDecode(anchor.Groups["url"].Value)})",
                0
            ) > 0
            ? close + 4 - at
            : end + 1 - at;
    }

    // Opens where a word begins and a mark to close it follows; closes where a word ends; else it stands for itself.
    private int Emphasis(string markdown, int at)
    {
        var mark = markdown[at];
        var run = 1;
        while (at + run < markdown.Length && markdown[at + run] == mark && run < 3)
            run++;
        var before = at == 0 ? ' ' : markdown[at - 1];
        var after = at + run >= markdown.Length ? ' ' : markdown[at + run];
        if (mark == '_' && char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after))
            return 0;
        // Between dollar signs it is TeX.
        if (
            run == 1
            && dollar >= 0
            && dollar < at
            && markdown.IndexOf('$', at, Math.Min(200, markdown.Length - at)) > 0
        )
            return 0;
        var kind = (mark == '*' ? 0 : 2) + (run >= 2 ? 1 : 0);
        if (open[kind] && !char.IsWhiteSpace(before))
            open[kind] = false;
        else if (!open[kind] && !char.IsWhiteSpace(after) && Closes(markdown, at + run, markdown.Substring(at, run)))
            open[kind] = true;
        else
            return 0;
        if (run >= 2)
        {
            isStrong = open[kind];
            strong.Append('\0');
        }

        return run;
    }

    private static bool Closes(string markdown, int from, string mark)
    {
        var end = Math.Min(markdown.Length, from + Farthest);
        var tried = 0;
        for (
            var at = from;
            tried++ < MostMarks
                && at < end
                && (at = markdown.IndexOf(mark, at, end - at, StringComparison.Ordinal)) >= 0;
            at++
        )
            if (!char.IsWhiteSpace(markdown[at - 1]))
                return true;
        return false;
    }

    private int Entity(string markdown, int at)
    {
        var end = markdown.IndexOf(';', at, Math.Min(32, markdown.Length - at));
        if (end < 0)
            return 0;
        var entity = markdown[at..(end + 1)];
        var meant = WebUtility.HtmlDecode(entity);
        return meant == entity ? 0 : Put(meant, entity.Length);
    }

    private int Bare(string markdown, int at)
    {
        if (at > 0 && char.IsLetterOrDigit(markdown[at - 1]))
            return 0;
        var match = Address().Match(markdown, at);
        if (!match.Success)
            return 0;
        links.Add(("", match.Value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '*', '_')));
        return match.Length;
    }

    private static string Lines(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
            ? string.Join('\n', text.Split('\n').Select(l => Folding.Fold(l)).Where(l => l.Length > 0))
            : Folding.Fold(text);

    [GeneratedRegex(@"\G ?\[(?<name>[^\[\]]{0,200})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<]*)?/?$|^!--", RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    [GeneratedRegex(@"^(?:br|/p|/li|/div|/summary|/tr)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Break();

    [GeneratedRegex(@"^(?<close>/?)(?:b|strong)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StrongTag();

    [GeneratedRegex(
        @"^a\s[^>]*?href\s*=\s*[""']?(?<url>[^""'\s>]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Anchor();

    [GeneratedRegex(@"\Ghttps?://[^\s<>""|\])]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
