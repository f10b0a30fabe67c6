using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>Makes papers of the lines of a list page, and compares how many it declares.</summary>
internal sealed partial class PageItems(DigestContext context)
{
    private readonly List<ParsedItem> found = [];
    private ArxivRecord? record;
    private string? title;
    private int first;
    private string? section;
    private DateOnly? day;
    private Declared? heading;
    private int inSection;
    private int items;
    private int last;
    private int total;
    private bool cutShort;
    private bool footer;

    /// <summary>Takes a line; gives what is complete by it.</summary>
    public IReadOnlyList<ParsedItem> Add(PageLine line)
    {
        found.Clear();
        if (line.Damaged)
            Report(line, "cut or not text in its encoding");
        if (Item().Match(line.Text) is { Success: true } item)
            Begin(line, item);
        else if (Total().Match(line.Text) is { Success: true } declared)
            Count(declared);
        else if (Heading().Match(line.Text) is { Success: true } match)
            Head(match);
        else if (DayOf(line.Text) is { } one)
            (day, _) = (one, Finish());
        else if (record is not null)
            Field(line);
        else if (ListPage.TitleLine().IsMatch(line.Text) || (items > 0 && !footer && !Paging().IsMatch(line.Text)))
            Report(line, "belongs to no entry");
        return found;
    }

    /// <summary>Takes the end; gives what is left.</summary>
    public IReadOnlyList<ParsedItem> End()
    {
        found.Clear();
        Finish();
        EndSection();
        if (!cutShort && total > last)
            Place("declared count", $"the page declares {total} entries in all and shows those up to number {last}");
        return found;
    }

    /// <summary>The day that a heading bears: "Fri, 21 Nov 2025" or "Showing new listings for Friday, 21 November 2025".</summary>
    public static DateOnly? DayOf(string line) =>
        line.Length < 120 && DayHeading().Match(line) is { Success: true } match
            ? DigestDates.Day(match.Groups["day"].Value)
            : null;

    private void Begin(PageLine line, Match item)
    {
        Finish();
        footer = false;
        var number = int.Parse(item.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        if (items > 0 && number != last + 1 && number != 1)
            Place(At(line.Number), $"entry [{number}] follows [{last}]: what is between is missing", line.Text);
        (last, first) = (number, line.Number);
        items++;
        inSection++;
        if (!ArxivId.TryParse(item.Groups["id"].Value, out var id))
        {
            Report(line, "no arXiv id");
            return;
        }

        record = new ArxivRecord(id) { AnnounceType = Type(item.Groups["note"].Value) };
        title = null;
    }

    private string? Type(string note) =>
        note.Contains("cross-list", StringComparison.OrdinalIgnoreCase)
            ? section == AnnounceTypes.Replace || note.Contains("replaced", StringComparison.OrdinalIgnoreCase)
                ? AnnounceTypes.ReplaceCross
                : AnnounceTypes.Cross
            : note.Contains("replaced", StringComparison.OrdinalIgnoreCase)
                ? AnnounceTypes.Replace
                : section ?? AnnounceTypes.New;

    private void Field(PageLine line)
    {
        if (FieldLine().Match(line.Text) is { Success: true } match)
        {
            var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
            if (name == "Title")
                title = value;
            else if (name == "Subjects")
                record!["Categories"] = string.Join(' ', Category().Matches(value).Select(c => c.Groups["id"].Value));
            record![name == "Author" ? "Authors" : name] = value;
        }
        else if (record!["Subjects"] is not null)
        {
            if (Paging().IsMatch(line.Text))
                (footer, _) = (true, Finish());
            else
                record.Abstract = record.Abstract is { } text ? $"{text} {line.Text}" : line.Text;
        }
        else if (title is not null && record["Authors"] is null)
        {
            record["Authors"] = line.Text;
        }
        else if (Paging().IsMatch(line.Text))
        {
            (footer, _) = (true, Finish());
        }
        else
        {
            Report(line, "neither a field of the entry nor its authors");
        }
    }

    private void Head(Match match)
    {
        Finish();
        EndSection();
        var name = match.Groups["name"].Value;
        section =
            name.StartsWith("Cross", StringComparison.OrdinalIgnoreCase) ? AnnounceTypes.Cross
            : name.StartsWith("Replace", StringComparison.OrdinalIgnoreCase) ? AnnounceTypes.Replace
            : AnnounceTypes.New;
        day = DigestDates.Day(match.Groups["day"].Value) ?? day;
        heading = match.Groups["shown"].Success
            ? new Declared(match.Value, Number(match.Groups["shown"]), Number(match.Groups["all"]))
            : null;
        (inSection, footer) = (0, false);
    }

    private void EndSection()
    {
        if (heading is not { } declared)
            return;
        if (inSection != declared.Shown)
            Place($"'{declared.Text}'", $"the heading declares {declared.Shown} entries, {inSection} were read");
        if (declared.Shown < declared.All)
        {
            cutShort = true;
            Place(
                $"'{declared.Text}', shown",
                $"the page shows {declared.Shown} of {declared.All} entries: the others are not in it"
            );
        }

        heading = null;
    }

    private void Count(Match declared)
    {
        Finish();
        total = Number(declared.Groups["total"]);
        footer = items > 0;
    }

    private bool Finish()
    {
        if (record is not { } done)
            return false;
        record = null;
        if (title is null || done.ToEntry(context) is not { } entry)
            Place(At(first), "the entry has no title", "arXiv:" + done.Id.Id);
        else
            found.Add(new ParsedEntry(entry with { Day = day }));
        return true;
    }

    private void Report(PageLine line, string reason) => Place(At(line.Number), reason, line.Text);

    private void Place(string position, string reason, string excerpt = "") =>
        found.Add(new ReportedPlace(position, reason, Rejections.Excerpt(excerpt)));

    private static string At(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line}");

    private static int Number(Group group) =>
        int.TryParse(group.ValueSpan, CultureInfo.InvariantCulture, out var n) ? n : 0;

    private sealed record Declared(string Text, int Shown, int All);

    [GeneratedRegex(
        @"^\[(?<number>\d{1,6})\] ?arXiv: ?(?<id>\S+)(?<note>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Item();

    [GeneratedRegex(
        @"^(?<name>Title|Authors?|Comments|Journal-ref|Subjects|Report-no|MSC-class|ACM-class|DOI): ?(?<value>.+)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex FieldLine();

    [GeneratedRegex(@"\((?<id>[a-z-]+(?:\.[A-Za-z-]+)?)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Category();

    [GeneratedRegex(
        @"^\[? ?total of (?<total>\d{1,7}) entries\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Total();

    [GeneratedRegex(
        @"^(?<name>(?:New|Cross|Replacement)(?: submissions?|-lists?| lists?)?|Replacements)?"
            + @"(?: for)? ?(?<day>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, \d{1,2} \w{3,9} \d{2,4})?"
            + @" ?\((?:continued, )?showing (?:first |last )?(?<shown>\d{1,7}) (?:of|out of) (?<all>\d{1,7}) entries ?\)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Heading();

    [GeneratedRegex(
        @"^(?:Showing new listings for |(?:New|Cross|Replacement)[ a-z-]* for )?(?<day>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, \d{1,2} \w{3,9} \d{2,4})$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex DayHeading();

    [GeneratedRegex(
        @"^(?:\[? ?total of \d|\[? ?showing (?:up to )?\d+ entries per page|Links to:|About$|Help$|Contact|\[ ?total|No updates"
            + @"|New submissions|Cross-lists|Cross submissions|Replacements?(?: submissions)?$|See (?:recent|today))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Paging();
}
