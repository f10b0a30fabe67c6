using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Newsletters;
using PaperPipeline.Parser.Trending;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Huggingface;

/// <summary>
/// The mail "Daily Papers" of Hugging Face, as HTML or as text: a list of titles with votes and links, without abstracts.
/// </summary>
internal sealed partial class DailyPapersMailShape : IDigestShape
{
    public string Name => "huggingface-daily-mail";

    public ContentKind Kinds => ContentKind.Html | ContentKind.Text;

    public Recognition Recognise(DigestContent content)
    {
        // Line ends may stand anywhere between the words.
        var opening = Opening().Match(content.Head);
        return opening.Success
            ? Recognition.Of(new DailyPapersMail(content), $"'{Folding.Fold(opening.Value)}'")
            : Recognition.None("'Here is the selection of papers for today'");
    }

    [GeneratedRegex(
        @"Here\s+is\s+the\s+selection\s+of\s+papers\s+for\s+today",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Opening();
}

/// <summary>The mail, ready to be read.</summary>
internal sealed partial class DailyPapersMail(DigestContent content) : IRecognisedDigest
{
    // A title that a mail program has wrapped takes a few lines at most.
    private const int LongestTitle = 500;

    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var line in Lines())
            if (Intro().Match(line.Text) is { Success: true } intro)
                return DayLine.TryRead(intro.Groups["day"].Value, out var day) ? day.Resolve(retrieved) : null;
        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var (begun, waiting, rank) = (false, (Line?)null, 0);
        ParsedEntry? paper = null;
        foreach (var line in Lines())
        {
            if (!begun)
            {
                // Above the list stand greetings only; a title there would bear votes.
                begun = Intro().IsMatch(line.Text) || Voted().IsMatch(line.Text);
                if (!Voted().IsMatch(line.Text))
                    continue;
            }

            if (Address().Match(line.Text) is { Success: true } address)
            {
                paper = paper is null ? null : Link(paper, address.Groups["url"].Value);
                continue;
            }

            var text =
                waiting is { } first && !Furniture().IsMatch(line.Text) ? first.Text + " " + line.Text : line.Text;
            if (Voted().Match(text) is { Success: true } voted)
            {
                if (paper is not null)
                    yield return paper;
                paper = Entry(voted, line, ++rank, context);
                waiting = null;
            }
            else if (Furniture().IsMatch(line.Text))
            {
                if (waiting is { } left)
                    yield return Report(left);
                waiting = null;
            }
            else if (text.Length > LongestTitle)
            {
                yield return Report(waiting ?? line);
                waiting = waiting is null ? null : line;
            }
            else
            {
                waiting = (waiting ?? line) with { Text = text };
            }
        }

        if (paper is not null)
            yield return paper;
        if (waiting is { } last)
            yield return Report(last);
        if (rank == 0)
            yield return new ReportedPlace("the list", "no title with votes, as '(12 ▲)', is in the mail", "");
    }

    private static ParsedEntry Entry(Match voted, Line line, int rank, DigestContext context)
    {
        var title = voted.Groups["title"].Value.TrimStart('*', '-', '•', '–', ' ');
        var entry = context.Entry(HuggingfacePaper.Source, title) with
        {
            Upvotes = int.TryParse(
                voted.Groups["votes"].Value.Replace(",", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture,
                out var votes
            )
                ? votes
                : null,
            Rank = rank,
        };
        var paper = new ParsedEntry(entry);
        foreach (var address in line.Addresses.Concat(voted.Groups["url"].Captures.Select(c => c.Value)))
            paper = Link(paper, address);
        return paper;
    }

    // The address may be a personal one that leads to the paper: only what it says of the paper is taken.
    private static ParsedEntry Link(ParsedEntry paper, string address) =>
        paper.Entry.Identifiers is null
        && (PaperIds.Of(address) ?? PaperLink.Of(address)?.Identifiers) is { } identifiers
            ? new ParsedEntry(paper.Entry with { Identifiers = identifiers })
            : paper;

    private static ReportedPlace Report(Line line) =>
        new(line.Position, "neither a title with votes nor a known line of the mail", Rejections.Excerpt(line.Text));

    private IEnumerable<Line> Lines() =>
        content.Kind == ContentKind.Html
            ? HtmlLines
                .Of(content.Html)
                .Where(l => l.Text.Length > 0)
                .Select(l => new Line(Position(l.Number), l.Text, [.. l.Links.Select(k => k.Address)]))
            : content.Text.Lines().Where(l => !l.IsBlank).Select(l => new Line(Position(l.Number), l.Text, []));

    private static string Position(int number) => string.Create(CultureInfo.InvariantCulture, $"line {number}");

    private sealed record Line(string Position, string Text, IReadOnlyList<string> Addresses);

    [GeneratedRegex(
        @"selection of papers for today\s*(?:\((?<day>[^)]{4,40})\))?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Intro();

    [GeneratedRegex(
        @"^(?<title>.*?\S)(?:\s*[<(\[](?<url>https?://[^\s<>()\[\]]+)[>)\]])?\s*\(\s*(?<votes>[0-9][0-9,]*)\s*(?:▲|△|⬆|👍|\^|up-?votes?|votes?)\s*\)"
            + @"\s*(?:[<(\[]?(?<url>https?://[^\s>)\]]+)[>)\]]?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Voted();

    [GeneratedRegex(
        @"^[<(\[]?(?<url>https?://[^\s>)\]]+)[>)\]]?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Address();

    [GeneratedRegex(
        @"^\W*(?:daily papers$|by ?(?:the )?community$|new\W+I can submit|onwards and upwards|AK and the |best,?$|cheers\W?$"
            + @"|unsubscribe|view (?:this (?:e-?mail|mail)|it in|in (?:your|a|the) browser|online)|you(?:'re| are) receiving"
            + @"|you (?:receive|subscribe)|manage (?:your|e-?mail|notification|subscription|preferences)|update your (?:prefer|settings)"
            + @"|no longer (?:want|wish)|©|copyright \W?\d|hugging ?face(?:,? inc)?\W*$|https?://|sent (?:to|from|by) "
            + @"|\d+ [\w .]+ (?:street|st|avenue|ave|road|rd|suite|boulevard|blvd)\b)"
            + "|selection of papers for today|papers to be featured in daily papers|huggingface\\.co/papers/submit"
            + "|and the research community",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Furniture();
}
