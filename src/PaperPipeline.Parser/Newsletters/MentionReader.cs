using System.Text.RegularExpressions;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>
/// Finds the papers that the lines of a newsletter link to. All links to one paper are one entry, whatever they say; its title
/// is the surest one of the texts of its links, what stands beside them, and the heading above.
/// </summary>
internal sealed partial class MentionReader(DigestContext context, string source)
{
    // How many papers are held, so that a later link can still be one to them.
    private const int Window = 256;

    // How far above a link its title stands at most, and how far below what is said of it.
    private const int LinesAbove = 3;
    private const int LinesBelow = 6;

    // Title, names and place together.
    private const int LongestItem = 1000;

    // A line with more links than this is a list of them.
    private const int MostLinks = 50;

    private readonly Queue<Mention> held = new();
    private readonly Dictionary<string, Mention> known = new(StringComparer.Ordinal);
    private Mention? current;
    private string? above;
    private TitleRank aboveRank;
    private readonly Queue<LinkedLine> recent = new();
    private int since;
    private int quiet;
    private int papers;

    /// <summary>The day that the papers from here on belong to.</summary>
    public DateOnly? Day { get; set; }

    /// <summary>How many papers there were.</summary>
    public int Count => papers;

    /// <summary>Takes the next line.</summary>
    public IEnumerable<ParsedItem> Add(LinkedLine line)
    {
        if (line.Links.Count == 0 && !line.IsHeading && quiet >= LinesBelow)
        {
            // It matters only as what stands above a link.
            recent.Enqueue(line);
            if (recent.Count > LinesAbove)
                recent.Dequeue();
            yield break;
        }

        while (recent.TryDequeue(out var before))
            Plain(before);
        var links = line
            .Links.Select(link => (link.Text, link.Address, Paper: PaperLink.Of(link.Address) ?? InText(link.Text)))
            .ToList();
        if (links.TrueForAll(l => l.Paper is null))
            Plain(line);
        else
            Papers(line, links);
        while (held.Count > Window)
            yield return Release();
    }

    /// <summary>The papers that are left.</summary>
    public IEnumerable<ParsedItem> End()
    {
        while (held.Count > 0)
            yield return Release();
    }

    private ParsedItem Release()
    {
        var mention = held.Dequeue();
        foreach (var address in mention.Addresses)
            known.Remove(address);
        if (current == mention)
            current = null;
        if (mention.Title is not null)
            return new ParsedEntry(mention.ToEntry(context, source));
        return new ReportedPlace(
            mention.Position,
            "a link to a paper, and nothing that is its title",
            Rejections.Excerpt($"{mention.Url} {mention.Text}")
        );
    }

    private void Papers(LinkedLine line, List<(string Text, string Address, PaperLink? Paper)> links)
    {
        var (beside, names) = line.Links.Count <= MostLinks ? TitleBeside(line) : (null, null);
        var votes = TitleText.VotesOf(line.Text);
        Mention? first = null;
        var several = false;
        foreach (var (text, _, paper) in links)
        {
            if (paper is null)
                continue;
            var title = TitleText.Clean(text);
            var rank = TitleText.IsTitle(title) ? Rank(line, title) : TitleRank.None;
            // "arXiv" and "OpenReview" beside one another lead to one paper, unless something is said of each.
            var mayJoin = first is not null
                ? rank <= TitleRank.Words
                : rank == TitleRank.None && beside is null && above is null;
            var mention = Find(paper, line, mayJoin);
            several |= first is not null && mention != first;
            first ??= mention;
            current = mention;
            if (rank > TitleRank.None)
                mention.Offer(title, rank);
            mention.Votes ??= TitleText.VotesOf(text) ?? votes;
        }

        if (first is null)
            return;
        first.Offer(beside, TitleRank.Beside);
        if (first.Title == beside)
            first.Authors ??= names;
        // What stands above may be that of the paper before.
        if (above is not null && since <= LinesAbove)
            first.Offer(above, aboveRank);
        if (!several)
            Beside(first, links);
        if (line.Text.Length > (first.Title?.Length ?? 0) + 40)
            first.Say(line.Text);
        (above, since, quiet) = (null, 0, 0);
    }

    // The title that stands in the line beside its links, and the names behind it.
    private static (string? Title, IReadOnlyList<string>? Names) TitleBeside(LinkedLine line)
    {
        if (line.Strong.Take(8).Select(Strong).FirstOrDefault(TitleText.IsTitle) is { } strong)
            return (strong, null);
        var own = Own(line);
        if (Parted().Match(own) is { Success: true } parted && NameLine.Read(parted.Groups["names"].Value) is { } names)
            return (parted.Groups["title"].Value, names);
        if (
            own.Length <= LongestItem
            && Placed().Match(own) is { Success: true } placed
            && NameLine.Read(placed.Groups["names"].Value) is { } people
        )
            return (placed.Groups["title"].Value, people);
        return (TitleText.IsTitle(own) && !IsSentence(own) ? own : null, null);
    }

    // What is numbered is no label: "2. Kettles for Agents:".
    private static string Strong(string text) =>
        Numbered().IsMatch(text) ? TitleText.Clean(text).TrimEnd(':') : TitleText.Clean(text);

    private Mention Find(PaperLink paper, LinkedLine line, bool mayJoin)
    {
        if (known.TryGetValue(paper.Url, out var mention))
            return mention;
        if (mayJoin && current is not null && current.Joins(paper))
        {
            known[paper.Url] = current;
            current.Addresses.Add(paper.Url);
            return current;
        }

        papers++;
        mention = new Mention(paper, line.Position, Day);
        known[paper.Url] = mention;
        held.Enqueue(mention);
        return mention;
    }

    private static TitleRank Rank(LinkedLine line, string title) =>
        line.IsHeading
        || title.Length * 2 >= line.Text.Length
        || line.Strong.Take(8).Any(s => s.Contains(title, StringComparison.Ordinal))
            ? TitleRank.Own
        : line.Clean.StartsWith(title, StringComparison.Ordinal) ? TitleRank.Own
        : TitleText.IsCapitalised(title) ? TitleRank.Beside
        : TitleRank.Words;

    private void Plain(LinkedLine line)
    {
        since++;
        quiet++;
        var text = line.Clean;
        if (line.IsHeading || (line.Strong.Count == 1 && TitleText.Clean(line.Strong[0]).Length >= text.Length))
        {
            // What follows a heading is about something else.
            if (TitleText.IsTitle(text))
                (above, aboveRank, since) = (text, TitleRank.Beside, 0);
            else
                above = null;
            (current, quiet) = (null, 0);
            return;
        }

        if (
            current is not null
            && Label().Match(line.Text) is { Success: true } label
            && label.Groups["value"].Length > 0
        )
        {
            Named(current, label);
            return;
        }

        if (current is { Authors: null } && since == 1 && NameLine.Read(line.Text) is { } names)
        {
            current.Authors = names;
            return;
        }

        if (current is not null)
            Beside(current, [.. line.Links.Select(l => (l.Text, l.Address, (PaperLink?)null))]);
        if (TitleText.IsTitle(text) && !IsSentence(text) && (above is null || aboveRank < TitleRank.Beside))
            (above, aboveRank, since) = (text, TitleRank.Above, 0);
        if (current is not null && quiet <= LinesBelow && text.Length >= 40 && line.Links.Count <= 2)
            current.Say(Folding.Fold(line.Text));
    }

    private static void Named(Mention paper, Match label)
    {
        var value = label.Groups["value"].Value.Trim('*', ' ', '_');
        switch (label.Groups["name"].Value.ToUpperInvariant())
        {
            case "AUTHOR" or "AUTHORS" or "AUTHOR(S)":
                paper.Authors ??= AuthorList.Of(value).Authors;
                break;
            case "ABSTRACT":
                paper.Abstract ??= value;
                break;
            case "CATEGORY" or "CATEGORIES" or "MAIN CATEGORY" or "PRIMARY CATEGORY" or "SUBJECTS":
                paper.Categories ??= value.Split(
                    [',', ';'],
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                );
                break;
            default:
                paper.Named.TryAdd("summary", Mail.PersonalText.Redact(value));
                break;
        }
    }

    // The code and the page that a line names beside the paper's own links.
    private static void Beside(Mention paper, List<(string Text, string Address, PaperLink? Paper)> links)
    {
        foreach (var (text, address, other) in links)
        {
            if (other is not null || PaperLink.Public(address) is not { } link)
                continue;
            if (Repositories.NameOf(link) is not null)
            {
                if (text.Length == 0 || TitleText.IsPointing(text) || Repositories.NameOf(link) == text)
                    paper.Code ??= link;
            }
            else if (ProjectPage().IsMatch(text))
            {
                paper.Project ??= link;
            }
        }
    }

    // A text that is itself the address of a paper, behind a link that only its sender can read.
    private static PaperLink? InText(string text)
    {
        if (
            text.Length is < 9 or > 300
            || text.Contains(' ', StringComparison.Ordinal)
                && !text.StartsWith("arXiv", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        foreach (var form in (ReadOnlySpan<string>)[text, "https://" + text])
            if (PaperLink.Of(form) is { } paper)
                return paper;
        return ArxivText().Match(text) is { Success: true } id
            ? PaperLink.Of("https://arxiv.org/abs/" + id.Groups["id"].Value)
            : null;
    }

    private static string Own(LinkedLine line)
    {
        var own = line.Text;
        foreach (var (text, _) in line.Links)
            if (text.Length > 0 && own.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                own = own.Remove(at, text.Length);
        return Ended().Replace(TitleText.Clean(Empty().Replace(own, " ")), "");
    }

    private static bool IsSentence(string text) =>
        text.Length > 200 || (text.EndsWith('.') && !TitleText.IsCapitalised(text)) || SentenceBreak().IsMatch(text);

    [GeneratedRegex(@"^\W*[0-9]{1,3}[.)]", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[\p{Ll})]{2}[.!?] (?:\p{Lu}\p{Ll}+ )?\p{Ll}", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceBreak();

    [GeneratedRegex(
        @"[\[(][\s,;|/·•&+-]*(?:and|or)?[\s,;|/·•&+-]*[\])]|(?:\s[|·•/]){1,}\s*",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Empty();

    // "Title. A. Uthor, B. Writer"
    [GeneratedRegex(
        @"^(?<title>.{8,}?[\p{Ll}\p{N})?!])(?:[.?!]| [-–—|]) (?<names>\p{Lu}.{5,})$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Parted();

    // "Title. Ada Uthor, Bo Writer. NeurIPS 2026"
    [GeneratedRegex(
        @"^(?<title>.{8,}?[\p{Ll}\p{N})?!])[.?!] (?<names>\p{Lu}[^.,]{1,40},[^.]{3,}?)\. [^.]{3,60}\.?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Placed();

    // What stood before a link that is taken out.
    [GeneratedRegex(@"(?:\s*:|\s)\s*[.,;]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Ended();

    [GeneratedRegex(
        @"^\W*(?<name>authors?(?:\(s\))?|abstract|summary|(?:main |primary )?category|categories|subjects|tl;?\s?dr|key (?:points?|takeaways?)|why it matters)\s*[*_]*\s*[::]\s*(?<value>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Label();

    [GeneratedRegex(
        @"^\W*(?:project(?: ?page)?|web ?(?:site|page)|home ?page|page)\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ProjectPage();

    [GeneratedRegex(
        @"^arXiv:\s?(?<id>[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?)(?:\s*\[[\w.-]+\])?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ArxivText();
}
