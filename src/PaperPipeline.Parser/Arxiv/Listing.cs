using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Parser.Arxiv;

/// <summary>A listing, ready to be read.</summary>
internal sealed partial class Listing(DigestContent content) : IRecognisedDigest
{
    // Where the mail's own headers are, they are at the top.
    private const int TopLines = 100;

    /// <summary>
    /// The day of the mail; without one the day on which what was received until then is announced: the next one, after a
    /// Friday the Monday (info.arxiv.org/help/availability).
    /// </summary>
    public DateOnly? Day(DateOnly retrieved)
    {
        foreach (var line in content.Text.Lines().Take(TopLines))
        {
            if (
                MailDate().Match(line.Text) is { Success: true } date
                && DigestDates.Day(date.Groups["date"].Value) is { } day
            )
                return day;
            if (
                Received().Match(line.Text) is { Success: true } until
                && DigestDates.Day(until.Groups["to"].Value) is { } last
            )
                return last.AddDays(
                    last.DayOfWeek == DayOfWeek.Friday ? 3
                    : last.DayOfWeek == DayOfWeek.Saturday ? 2
                    : 1
                );
            if (line.Text == @"\\")
                break;
        }

        return null;
    }

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        // A mail that holds the listing says itself when it was sent.
        DateOnly? day = context.SentAt is { } sent ? DateOnly.FromDateTime(sent.UtcDateTime) : null;
        var records = new RecordReader();
        var declared = Declared.Of(context.Subject);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var ended = false;
        foreach (var line in content.Text.Lines())
        {
            if (records.IsOutside && Declared.Of(line.Text) is { } next)
            {
                // Listings may have been put one behind the other.
                if (records.Begun)
                    foreach (var place in Compare())
                        yield return place;
                (declared, ended) = (next, false);
                counts.Clear();
                records.Restart();
            }

            ended |= EndMark().IsMatch(line.Text);
            foreach (var item in records.Add(line))
                yield return Complete(item);
        }

        foreach (var item in records.End())
            yield return Complete(item);
        foreach (var place in Compare())
            yield return place;

        IEnumerable<ReportedPlace> Compare()
        {
            if (declared?.Compare(counts) is { } place)
                yield return place;
            if (records.IsMailing && !ended)
                yield return new ReportedPlace(
                    "the end",
                    "the line '%%%---' that ends a listing is missing: it may be cut off",
                    declared?.Text ?? ""
                );
        }

        ParsedItem Complete(RecordOrPlace item)
        {
            if (item.Record is not { } record)
                return item.Place!;
            if (record.ToEntry(context) is not { } entry)
                return new ReportedPlace(item.Position, "the record has no title", "arXiv:" + record.Id.Id);
            var kind = record.AnnounceType ?? "";
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            return new ParsedEntry(entry with { Day = day });
        }
    }

    [GeneratedRegex(@"^Date:\s*(?<date>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MailDate();

    [GeneratedRegex(@"^received from\s.*\sto\s+(?<to>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Received();

    [GeneratedRegex(@"^(?:%%%---){3,}", RegexOptions.CultureInvariant)]
    private static partial Regex EndMark();

    /// <summary>The numbers in a listing's subject: "astro-ph daily 53 new + 4 crosses received"; none for a cross is 0.</summary>
    private sealed partial record Declared(int New, int Crosses, string Text)
    {
        public static Declared? Of(string? subject) =>
            subject is not null && Subject().Match(subject) is { Success: true } match
                ? new Declared(Number(match.Groups["new"]), Number(match.Groups["crosses"]), Folding.Fold(match.Value))
                : null;

        public ReportedPlace? Compare(Dictionary<string, int> counts)
        {
            var (found, crosses) = (
                counts.GetValueOrDefault(AnnounceTypes.New),
                counts.GetValueOrDefault(AnnounceTypes.Cross)
            );
            return found == New && crosses == Crosses
                ? null
                : new ReportedPlace(
                    "declared count",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the listing declares {New} new papers and {Crosses} cross-lists; {found} and {crosses} were read"
                    ),
                    Text
                );
        }

        private static int Number(Group group) =>
            int.TryParse(group.ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : 0;

        [GeneratedRegex(
            @"\b(?<new>\d{1,5}) new(?: \+ *(?<crosses>\d{0,5}) *cross(?:es|-lists?)?)? *received",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
        )]
        private static partial Regex Subject();
    }
}
