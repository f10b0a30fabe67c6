using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>Tells titles of papers from the other texts around links.</summary>
internal static partial class TitleText
{
    private const int Longest = 300;

    // Of words like these a link says only where it leads.
    private static readonly HashSet<string> Pointing = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "abs",
        "abstract",
        "aclanthology",
        "alphaxiv",
        "an",
        "and",
        "anthology",
        "ar5iv",
        "article",
        "arxiv",
        "at",
        "available",
        "bib",
        "bibtex",
        "biorxiv",
        "blog",
        "blogpost",
        "by",
        "check",
        "citation",
        "cite",
        "click",
        "code",
        "comments",
        "continue",
        "data",
        "dataset",
        "datasets",
        "demo",
        "details",
        "discuss",
        "discussion",
        "doi",
        "download",
        "explore",
        "face",
        "find",
        "for",
        "from",
        "full",
        "fulltext",
        "get",
        "git",
        "github",
        "go",
        "google",
        "here",
        "hf",
        "homepage",
        "html",
        "huggingface",
        "hugging",
        "in",
        "info",
        "is",
        "it",
        "its",
        "journal",
        "keep",
        "learn",
        "link",
        "links",
        "medrxiv",
        "min",
        "minute",
        "model",
        "models",
        "more",
        "ms",
        "now",
        "of",
        "official",
        "on",
        "open",
        "openreview",
        "or",
        "original",
        "out",
        "page",
        "paper",
        "papers",
        "pdf",
        "poster",
        "post",
        "preprint",
        "press",
        "project",
        "proceedings",
        "publication",
        "published",
        "publisher's",
        "publisher",
        "read",
        "reading",
        "release",
        "repo",
        "repository",
        "review",
        "s2",
        "scholar",
        "see",
        "semantic",
        "share",
        "site",
        "slides",
        "source",
        "ssrn",
        "study",
        "summary",
        "supp",
        "supplement",
        "supplementary",
        "text",
        "the",
        "their",
        "this",
        "thread",
        "to",
        "tweet",
        "twitter",
        "url",
        "version",
        "via",
        "video",
        "view",
        "visit",
        "watch",
        "web",
        "webpage",
        "website",
        "weights",
        "wiki",
        "with",
        "x",
        "your",
        "youtube",
    };

    /// <summary>The text as a title: without numbers of lists, marks, votes and what newsletters put behind titles.</summary>
    public static string Clean(string text)
    {
        text = Folding.Fold(text);
        // Nothing that is taken off makes a title of so long a text, and to look for it takes long.
        if (text.Length > 2 * Longest)
            return text;
        text = Votes().Replace(text, "");
        string before;
        do
        {
            before = text;
            text = Behind().Replace(Before().Replace(Bare(text), ""), "");
        } while (text != before);
        if (text.Length > 2 && Quotes().Match(text) is { Success: true } quoted)
            text = quoted.Groups["text"].Value.Trim();
        return text;
    }

    /// <summary>The votes behind a title, as in "(113 ▲)".</summary>
    public static int? VotesOf(string text) =>
        Votes().Match(text) is { Success: true } votes
        && int.TryParse(
            votes.Groups["votes"].Value.Replace(",", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    /// <summary>True for a text that may be the title of a paper.</summary>
    public static bool IsTitle(string text)
    {
        if (text.Length is < 5 or > Longest || HeadLine().IsMatch(text) || text.EndsWith(':') || IsPointing(text))
            return false;
        var (letters, wide, words) = (0, 0, 1);
        foreach (var c in text)
        {
            if (char.IsLetter(c))
                letters++;
            // A sign of Chinese, Japanese or Korean is half a word.
            if (c >= '\u3040')
                wide++;
            if (c == ' ')
                words++;
        }

        return letters >= 5 && (words >= 2 || wide >= 4 || letters >= 8);
    }

    /// <summary>True for a text that begins most of its words with capitals, as titles do and sentences do not.</summary>
    public static bool IsCapitalised(string text)
    {
        var (words, capitals) = (0, 0);
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan(range).TrimStart("(\"'“‘[");
            if (word.Length < 4)
                continue;
            words++;
            if (char.IsUpper(word[0]) || char.IsAsciiDigit(word[0]))
                capitals++;
        }

        return words == 0 ? char.IsUpper(text[0]) : capitals * 10 >= words * 6;
    }

    /// <summary>True for a text that says nothing but where a link leads: "read more", "PDF", an address.</summary>
    public static bool IsPointing(string text)
    {
        foreach (var range in text.AsSpan().SplitAny(" \u00A0/|,;:()[]{}→↗➡»›>•·–—-+&!?"))
        {
            var word = text.AsSpan(range).Trim(".\"'“”‘’*_`#…");
            if (
                word.IsEmpty
                || !word.ContainsAnyExcept(Digits)
                || Pointing.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)
            )
                continue;
            if (IsAddress(word) || !HasLetter(word))
                continue;
            return false;
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create(
        "0123456789.v"
    );

    private static bool HasLetter(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (char.IsLetter(c))
                return true;
        return false;
    }

    private static bool IsAddress(ReadOnlySpan<char> word) =>
        word.StartsWith("http", StringComparison.OrdinalIgnoreCase)
        || word.StartsWith("www.", StringComparison.OrdinalIgnoreCase)
        || Domain().IsMatch(word)
        || ArxivId.TryRead(word, out _, out var length) && length == word.Length;

    // Pictures, bullets and blanks at both ends.
    private static string Bare(string text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsMark(text, from))
            from += char.IsSurrogatePair(text, from) ? 2 : 1;
        while (to > from)
        {
            var last = to - (to - from >= 2 && char.IsSurrogatePair(text, to - 2) ? 2 : 1);
            if (!IsMark(text, last))
                break;
            to = last;
        }

        return text[from..to].Trim();
    }

    private static bool IsMark(string text, int at) =>
        CharUnicodeInfo.GetUnicodeCategory(text, at)
            is UnicodeCategory.OtherSymbol
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierSymbol
        || text[at] is '\uFE0F' or '•' or '·' or '‣' or '→' or '|' or ',' or ';' or '>' or '»' or '-' or '–' or '—'
        // A star ends the names of some algorithms.
        || (text[at] == '*' && at == 0);

    [GeneratedRegex(
        @"\s*[(\[]\s*(?<votes>[0-9][0-9,]*)\s*(?:▲|△|⬆\uFE0F?|👍|\^|up-?votes?|votes?|likes?)\s*[)\]]\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Votes();

    [GeneratedRegex(
        @"^(?:\(?#?[0-9]{1,3}[.):]\s+|\[(?:arXiv:)?[0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,3})?\]\s*|\[[0-9]{1,3}\]\s*|#[0-9]{1,3}\s+|\[(?:pdf|html|book|citation|doc|c|b|paper|arxiv|new)\]\s*"
            + @"|(?:paper title|title|paper|new paper|preprint|must[- ]read|featured|paper of the (?:day|week|month))\s*:\s*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Before();

    [GeneratedRegex(
        @"\s*(?:[-–—|,:]\s*|\(\s*)?(?:read (?:more|it|the (?:full )?paper)(?:\s+(?:on|at|in|or|and|here|,|\||/))*|[0-9]+[- ]min(?:ute)?s?(?: read)?)\s*\)?\s*$"
            + @"|\s*[(\[]\s*(?:pdf|html|paper|code|link|arxiv|website|github|abs|project|demo|page|[,|/·•&]|\s|and|or)*\s*[)\]]\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Behind();

    [GeneratedRegex("^[\"“”„«](?<text>[^\"“”„«»]+)[\"”“»][.,]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Quotes();

    [GeneratedRegex(
        @"^(?:from|to|cc|date|sent|subject|reply-to|von|an|betreff|gesendet|datum|published|updated|authors?|by|submitted|tags?|categories|keywords?|venue|source)\s?:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex HeadLine();

    [GeneratedRegex(
        @"^(?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|ai|co|edu|gov|dev|press|[a-z]{2})(?:/\S*)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Domain();
}
