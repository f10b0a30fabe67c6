using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>A record of a listing, or a place that belongs to none.</summary>
internal readonly record struct RecordOrPlace(string Position, ArxivRecord? Record, ReportedPlace? Place);

/// <summary>
/// Reads the records of a listing line by line, holding one at a time. Outside of records only known lines may stand.
/// </summary>
internal sealed partial class RecordReader
{
    private enum At
    {
        /// <summary>Above the first record.</summary>
        Top,

        /// <summary>The list of what a mail is about.</summary>
        Subscriptions,

        /// <summary>Between records.</summary>
        Between,

        /// <summary>Behind the first two backslashes.</summary>
        Beginning,
        Fields,
        Abstract,

        /// <summary>Behind the last mark of the listing.</summary>
        Footer,
    }

    private readonly List<RecordOrPlace> found = [];
    private readonly StringBuilder text = new();
    private At at = At.Top;
    private string section = AnnounceTypes.New;
    private bool isMailing;
    private ArxivRecord? record;
    private string? field;
    private int first;
    private bool full;

    /// <summary>The records are those of a mailing, which says where it ends.</summary>
    public bool IsMailing => isMailing;

    /// <summary>A record was there.</summary>
    public bool Begun { get; private set; }

    /// <summary>Takes a line; gives what is complete by it.</summary>
    public IReadOnlyList<RecordOrPlace> Add(TextLine line)
    {
        found.Clear();
        if (line.Cut)
            Report(line, "longer than 256 KiB: cut");
        if (line.Invalid)
            Report(line, "has bytes that are not text in its encoding; each became U+FFFD");
        if (!line.IsBlank)
            Take(line);
        return found;
    }

    /// <summary>Takes the end; gives what is left.</summary>
    public IReadOnlyList<RecordOrPlace> End()
    {
        found.Clear();
        if (at is At.Beginning)
            found.Add(Place(first, "the listing ends where a record begins", ""));
        else if (at is At.Fields or At.Abstract)
            Break("the listing ends in the middle of this record");
        return found;
    }

    private void Take(TextLine line)
    {
        var isMark = Mark(line.Text) is not null;
        switch (at)
        {
            case At.Beginning:
                Begin(line);
                break;
            case At.Fields or At.Abstract when isMark && line.Indent == 0:
                Break("the record is not ended before the next one");
                Outside(line);
                break;
            case At.Fields:
                Field(line);
                break;
            case At.Abstract when IsBackslashes(line.Text):
                Finish(line);
                break;
            case At.Abstract:
                Append(line.Text);
                break;
            default:
                Outside(line);
                break;
        }
    }

    private void Outside(TextLine line)
    {
        var mark = Mark(line.Text);
        if (mark is { Length: > 0 })
        {
            isMailing = true;
            section = mark;
        }

        if (EndMark().IsMatch(line.Text))
            (at, isMailing) = (At.Footer, true);
        else if (line.Text == @"\\")
            (at, first) = (At.Beginning, line.Number);
        else if (mark is not null)
            at =
                at == At.Footer ? At.Footer
                : Begun ? At.Between
                : At.Top;
        else if (at == At.Between)
            Report(line, "belongs to no record");
        else if (SubscriptionsLine().IsMatch(line.Text))
            (at, isMailing) = (At.Subscriptions, true);
        else if (ReceivedLine().IsMatch(line.Text))
            (at, isMailing) = (At.Top, true);
        else if (TopLine().IsMatch(line.Text) || (at == At.Footer && FooterLine().IsMatch(line.Text)))
            isMailing |= CommentsLine().IsMatch(line.Text);
        // Names of categories, one a line.
        else if (at != At.Subscriptions || line.Text.Length > 100)
            Report(line, "belongs to no record");
    }

    /// <summary>Another listing begins.</summary>
    public void Restart() => (at, section, Begun) = (At.Top, AnnounceTypes.New, false);

    /// <summary>True above the first record and behind the last mark of a listing.</summary>
    public bool IsOutside => at is At.Top or At.Footer;

    private void Begin(TextLine line)
    {
        first = line.Number - 1;
        if (
            Identifier().Match(line.Text) is not { Success: true } match
            || !ArxivId.TryParse(match.Groups["id"].Value, out var id)
        )
        {
            // Two backslashes alone may be the end of what could not be read.
            at = Begun ? At.Between : At.Top;
            Outside(line);
            return;
        }

        (at, Begun, field, full) = (At.Fields, true, null, false);
        record = new ArxivRecord(id);
        if (isMailing)
            record.AnnounceType = match.Groups["cross"].Success ? AnnounceTypes.Cross : section;
        text.Clear();
    }

    private void Field(TextLine line)
    {
        if (IsBackslashes(line.Text))
        {
            EndField();
            // With the address behind it there is no abstract.
            if (line.Text.Length > 2)
                Finish(line);
            else
                at = At.Abstract;
            return;
        }

        if (line.Indent == 0 && FieldLine().Match(line.Text) is { Success: true } match)
        {
            EndField();
            field = match.Groups["name"].Value;
            Append(match.Groups["value"].Value);
        }
        else if (line.Indent == 0 && ReplacedLine().Match(line.Text) is { Success: true } replaced)
        {
            EndField();
            record!.UpdatedAt = Date(replaced.Groups["date"].Value);
            record.IsIgnored = Ignored().IsMatch(replaced.Groups["date"].Value);
            record.AnnounceType =
                record.AnnounceType == AnnounceTypes.Cross ? AnnounceTypes.ReplaceCross : AnnounceTypes.Replace;
        }
        else if (field is not null && line.Indent > 0)
        {
            Append(line.Text);
        }
        else
        {
            Report(line, "neither a field of the record nor the continuation of one");
        }
    }

    private void EndField()
    {
        var (name, value) = (field, text.ToString());
        (field, full) = (null, false);
        text.Clear();
        if (name is null || record is null)
            return;
        var revised = Revised().Match(name);
        if (name.StartsWith("Date", StringComparison.OrdinalIgnoreCase))
            record.IsIgnored = Ignored().IsMatch(value);
        if (name.Equals("Date", StringComparison.OrdinalIgnoreCase))
            Version(1, Date(value));
        else if (revised.Success)
            Version(int.Parse(revised.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), Date(value));
        // The address of a person is nobody's business.
        else if (name.Equals("From", StringComparison.OrdinalIgnoreCase))
            record.Submitter = Folding.Fold(MailAddress().Replace(value, " ")).Trim('"', ' ');
        else if (record[name] is null)
            record[name] = value;
    }

    private void Version(int number, DateTimeOffset? date)
    {
        // A cross-list, or one of a mailing's replacements, may be of any version.
        if (record!.AnnounceType is null or AnnounceTypes.New)
            record.Versions.Add(new PaperVersion { Version = number, Date = date });
        if (number == 1)
            record.PublishedAt = date;
        else
            record.UpdatedAt = date;
    }

    private void Finish(TextLine line)
    {
        var summary = text.ToString();
        record!.Abstract = summary.Length > 0 ? summary : null;
        if (full)
            found.Add(Place(line.Number, "the abstract is longer than 256 KiB: cut", ""));
        found.Add(new RecordOrPlace(Position(first, line.Number), record, null));
        Close();
    }

    // What was read of it counts where title and abstract's end are beyond doubt; a cut title or abstract does not.
    private void Break(string reason)
    {
        found.Add(Place(first, reason, "arXiv:" + record!.Id.Id));
        Close();
    }

    private void Close()
    {
        (at, record, field, full) = (At.Between, null, null, false);
        text.Clear();
    }

    private void Append(string piece)
    {
        if (text.Length + piece.Length > DigestText.LongestLine)
        {
            full = true;
            return;
        }

        if (text.Length > 0)
            text.Append(' ');
        text.Append(piece);
    }

    private void Report(TextLine line, string reason) => found.Add(Place(line.Number, reason, line.Text));

    private static RecordOrPlace Place(int line, string reason, string excerpt)
    {
        var position = Position(line, line);
        return new(
            position,
            null,
            new ReportedPlace(position, reason, Rejections.Excerpt(MailAddress().Replace(excerpt, "<...>")))
        );
    }

    private static string Position(int from, int to) =>
        from == to
            ? string.Create(CultureInfo.InvariantCulture, $"line {from}")
            : string.Create(CultureInfo.InvariantCulture, $"lines {from}-{to}");

    private static DateTimeOffset? Date(string text)
    {
        var size = text.IndexOf('(', StringComparison.Ordinal);
        return DigestDates.Read(size < 0 ? text : text[..size]);
    }

    private static bool IsBackslashes(string line) => line == @"\\" || AddressLine().IsMatch(line);

    // The section that begins behind a line of marks; empty for one that separates records only, null for no such line.
    private static string? Mark(string line) =>
        line.Length < 20 ? null
        : CrossMark().IsMatch(line) ? AnnounceTypes.Cross
        : ReplaceMark().IsMatch(line) ? AnnounceTypes.Replace
        : EndMark().IsMatch(line) || DashLine().IsMatch(line) ? ""
        : null;

    [GeneratedRegex(@"^-{20,}$", RegexOptions.CultureInvariant)]
    private static partial Regex DashLine();

    [GeneratedRegex(@"^(?:%-){8,}%?$", RegexOptions.CultureInvariant)]
    private static partial Regex CrossMark();

    [GeneratedRegex(@"^(?:%%--){4,}(?:%%?-?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ReplaceMark();

    [GeneratedRegex(@"^(?:%%%---){3,}", RegexOptions.CultureInvariant)]
    private static partial Regex EndMark();

    [GeneratedRegex(
        @"^(?:arXiv|Paper)(?<cross> \(\*cross-listing\*\))?:\s*(?<id>\S+)(?:\s*(?<cross>\(\*cross-listing\*\)))?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Identifier();

    [GeneratedRegex(
        @"^(?<name>From|Date|Date \(revised(?: v\d+)?\)|Title|Authors?|Categories|Comments?|Report-no|MSC-class|ACM-class"
            + @"|Journal-ref|DOI|License|Proxy|Subj-class|Notes?)\s*:\s*(?<value>.*)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex FieldLine();

    [GeneratedRegex(
        @"^replaced with revised version\s+(?<date>.+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex ReplacedLine();

    // Behind a date stand the size and the kind of the source: "(0kb,I)".
    [GeneratedRegex(@"\(\d+kb,[A-Z]*I[A-Z]*\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Ignored();

    [GeneratedRegex(@"^Date \(revised v(?<version>\d{1,3})\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Revised();

    [GeneratedRegex(@"^\\\\ \( ?https?://\S+ ?,", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^Submissions to:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SubscriptionsLine();

    [GeneratedRegex(@"^received from\s", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReceivedLine();

    [GeneratedRegex(
        @"^Send any comments regarding submissions|^Archives at ",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CommentsLine();

    [GeneratedRegex(
        @"^(?:[A-Za-z][A-Za-z0-9-]{1,40}:\s|Send any comments regarding submissions|Archives at |To unsubscribe|-+ ?(?:Forwarded|Original)"
            + @"|>|Begin forwarded message|On .* wrote:$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex TopLine();

    [GeneratedRegex(
        @"^(?:For (?:subscribe|help|help on)|e-mail To|To (?:un)?subscribe|Send any|Archives at|https?://|-{2,}|_{2,}|[A-Za-z-]+@|unsubscribe"
            + @"|you received this)|arxiv\.org/help|subscribe",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex FooterLine();

    // It begins where a word begins: else a word without an address would be looked through from each of its letters.
    [GeneratedRegex(@"<?(?<![^\s<>@()])[^\s<>@()]+@[^\s<>@()]+>?", RegexOptions.CultureInvariant)]
    private static partial Regex MailAddress();
}
