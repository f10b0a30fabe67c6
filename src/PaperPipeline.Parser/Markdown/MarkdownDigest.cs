using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Newsletters;
using PaperPipeline.Parser.Trending;
using PaperPipeline.ServiceDefaults.Messaging;

namespace PaperPipeline.Parser.Markdown;

/// <summary>The digest in Markdown, ready to be read.</summary>
internal sealed partial class MarkdownDigest(DigestContent content) : IRecognisedDigest
{
    // Whoever exceeds these sends no digest.
    private const int MostReferences = 10_000;
    private const int LongestRow = 200;

    // How far down the day of a digest stands.
    private const int TopLines = 100;

    // How many lines above a link may hold its title.
    private const int LinesAbove = 3;

    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var line in content.Text.Lines().Take(TopLines))
            if (DayOf(line.Text, retrieved) is { } day)
                return day;
        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var references = References();
        var state = new Reading(context, references);
        TextLine? held = null;
        foreach (var line in content.Text.Lines())
        {
            if (line.Cut)
                yield return new ReportedPlace(
                    At(line.Number, line.Number),
                    "the line is longer than 256 KiB: cut",
                    Rejections.Excerpt(line.Text)
                );
            // A row of names is known by the row of lines below it.
            if (held is { } header && IsDelimiter(line.Text) && header.Text.Contains('|', StringComparison.Ordinal))
            {
                foreach (var item in state.Begin(header))
                    yield return item;
                held = null;
                continue;
            }

            if (held is { } before)
                foreach (var item in state.Add(before))
                    yield return item;
            held = line;
        }

        if (held is { } last)
            foreach (var item in state.Add(last))
                yield return item;
        foreach (var item in state.End())
            yield return item;
    }

    private Dictionary<string, string> References()
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        if (
            !content.Head.Contains("][", StringComparison.Ordinal)
            && !content.Head.Contains("]:", StringComparison.Ordinal)
        )
            return references;
        foreach (var line in content.Text.Lines())
            if (
                line.Text.StartsWith('[')
                && Definition().Match(line.Text) is { Success: true } definition
                && references.Count < MostReferences
            )
                references.TryAdd(definition.Groups["name"].Value.ToUpperInvariant(), definition.Groups["url"].Value);
        return references;
    }

    private static DateOnly? DayOf(string line, DateOnly seen)
    {
        if (line.Length is 0 or > 200 || !DayLineMark().IsMatch(line))
            return null;
        if (
            IsoDay().Match(line) is { Success: true } iso
            && DateOnly.TryParseExact(
                iso.Value.Replace('.', '-').Replace('/', '-'),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
            return day;
        foreach (Match words in WrittenDay().Matches(line))
            if (DayLine.TryRead(words.Value, out var read))
                return read.Resolve(seen);
        return null;
    }

    private static bool IsDelimiter(string line) =>
        line.Length > 0 && line[0] is '|' or '-' or ':' && Delimiter().IsMatch(line);

    private static string At(int first, int last) =>
        first == last
            ? string.Create(CultureInfo.InvariantCulture, $"line {first}")
            : string.Create(CultureInfo.InvariantCulture, $"lines {first}-{last}");

    [GeneratedRegex(@"^\|? ?:?-+:? ?(?:\| ?:?-+:? ?)*\|?$", RegexOptions.CultureInvariant)]
    private static partial Regex Delimiter();

    [GeneratedRegex(
        @"^\[(?<name>[^\[\]]{1,200})\]: ?<?(?<url>https?://[^\s>]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Definition();

    [GeneratedRegex(
        @"^(?:#|date:|>|\*\*|<h[1-6]|(?:last )?updated?\b|[A-Z0-9][\w ,.-]{5,40}$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex DayLineMark();

    [GeneratedRegex(
        @"(?<![0-9])20[0-9]{2}(?<mark>[-./])[01][0-9]\k<mark>[0-3][0-9](?![0-9])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex IsoDay();

    [GeneratedRegex(
        @"\b(?:[A-Za-z]{3,9}\.? [0-9]{1,2}(?:st|nd|rd|th)?|[0-9]{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\.?),? 20[0-9]{2}\b",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex WrittenDay();

    /// <summary>The lines up to here: the table they are in, or the papers that they link to.</summary>
    private sealed class Reading(DigestContext context, Dictionary<string, string> references)
    {
        private readonly MentionReader mentions = new(context, MarkdownShape.Source);
        private readonly Queue<TextLine> recent = new();
        private readonly List<TextLine> row = [];
        private MarkdownTable? table;
        private DateOnly? day;
        private int rows;
        private int sinceLink = 100;

        /// <summary>Begins the table below this row of names.</summary>
        public IEnumerable<ParsedItem> Begin(TextLine header)
        {
            foreach (var item in EndRow(atEnd: false))
                yield return item;
            table = MarkdownTable.Of(header.Text, references);
        }

        public IEnumerable<ParsedItem> Add(TextLine line)
        {
            if (table is null)
                return Plain(line);
            return Row(line);
        }

        public IEnumerable<ParsedItem> End()
        {
            foreach (var item in EndRow(atEnd: true))
                yield return item;
            foreach (var item in mentions.End())
                yield return item;
            if (rows == 0 && mentions.Count == 0)
                yield return new ReportedPlace("the end", "the digest holds no paper: perhaps it is cut off", "");
        }

        private IEnumerable<ParsedItem> Row(TextLine line)
        {
            var begins =
                line.Text.StartsWith('|') || (row.Count == 0 && line.Text.Contains('|', StringComparison.Ordinal));
            if (row.Count > 0 && (begins || line.Text.StartsWith('#') || row.Count > LongestRow))
                foreach (var item in EndRow(atEnd: false))
                    yield return item;
            if (table is not null && (begins || row.Count > 0))
            {
                row.Add(line);
                // A cell may go on in the next line, as long as nothing ends it.
                if (
                    MarkdownRow.EndsCell(line.Text)
                    || (!table.ClosesRows && row.Count == 1 && MarkdownRow.Split(line.Text).Count >= table.Width)
                )
                    foreach (var item in Complete(row, atEnd: false))
                        yield return item;
                yield break;
            }

            table = null;
            foreach (var item in Plain(line))
                yield return item;
        }

        // A row that nothing ends: what stands behind a blank line is not of it.
        private IEnumerable<ParsedItem> EndRow(bool atEnd)
        {
            if (row.Count == 0)
                yield break;
            var blank = row.FindIndex(l => l.IsBlank);
            var rest = blank < 0 ? [] : row[blank..];
            if (blank >= 0)
                row.RemoveRange(blank, row.Count - blank);
            foreach (var item in Complete(row, atEnd && rest.TrueForAll(l => l.IsBlank)))
                yield return item;
            if (rest.TrueForAll(l => l.IsBlank))
                yield break;
            table = null;
            foreach (var line in rest)
            foreach (var item in Plain(line))
                yield return item;
        }

        private IEnumerable<ParsedItem> Complete(List<TextLine> lines, bool atEnd)
        {
            var text =
                lines.Count == 1
                    ? lines[0].Text
                    : string.Join("<br>", lines.Where(l => !l.IsBlank).Select(l => l.Text));
            var position = At(lines[0].Number, lines[^1].Number);
            var invalid = lines.Exists(l => l.Invalid);
            lines.Clear();
            // Tables of other things are passed over in no time.
            if (!table!.IsOfPapers && !text.Contains("://", StringComparison.Ordinal) && references.Count == 0)
                yield break;
            var cells = MarkdownRow.Split(text);
            if (atEnd && (cells.Count < table.Width || (table.ClosesRows && !MarkdownRow.EndsCell(text))))
            {
                yield return new ReportedPlace(position, "the row is cut off", Rejections.Excerpt(text));
                yield break;
            }

            var item = table.Row(cells, position, text, context, day);
            if (item is not ReportedPlace)
                rows++;
            if (item is not null)
                yield return item;
            if (invalid)
                yield return new ReportedPlace(
                    position,
                    "it has bytes that are no text in the digest's encoding",
                    Rejections.Excerpt(text)
                );
        }

        private IEnumerable<ParsedItem> Plain(TextLine line)
        {
            if (line.IsBlank)
                yield break;
            var isHeading = line.Text.StartsWith('#') || line.Text.StartsWith("<h", StringComparison.OrdinalIgnoreCase);
            if (isHeading && DayOf(line.Text, context.Seen) is { } stated)
                day = mentions.Day = stated;
            var isLinked =
                line.Text.Contains("://", StringComparison.Ordinal)
                || (references.Count > 0 && line.Text.Contains('[', StringComparison.Ordinal));
            if (!isLinked && !isHeading && ++sinceLink > 8)
            {
                // It matters only as what stands above a link.
                recent.Enqueue(line);
                if (recent.Count > LinesAbove)
                    recent.Dequeue();
                yield break;
            }

            if (isLinked)
                sinceLink = 0;
            while (recent.TryDequeue(out var above))
                foreach (var item in mentions.Add(Linked(above)))
                    yield return item;
            if (Definition().IsMatch(line.Text))
                yield break;
            foreach (var item in mentions.Add(Linked(line)))
                yield return item;
        }

        private LinkedLine Linked(TextLine line)
        {
            var text = line.Text;
            var mark = Mark().Match(text);
            var piece = MarkdownInline.Read(text[mark.Length..], references);
            var isHeading = mark.Groups["heading"].Success;
            return new LinkedLine(
                At(line.Number, line.Number),
                piece.Text.Replace('\n', ' '),
                piece.Links,
                isHeading,
                isHeading ? [piece.Text.Replace('\n', ' ')] : piece.Strong
            );
        }
    }

    [GeneratedRegex(
        @"^(?:>\s?)*(?:(?<heading>#{1,6}) ?|[-*+] (?:\[[ xX]\] )?|[0-9]{1,4}[.)] )?",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Mark();
}
