using System.Globalization;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>Where and when a work was published, as a source states it.</summary>
/// <param name="Venue">The meeting or periodical.</param>
/// <param name="Year">The year.</param>
internal sealed partial record Publication(Venue Venue, int Year)
{
    /// <summary>The publication that an entry states; null where venue or year is unknown, or the venue is a preprint server.</summary>
    public static Publication? Of(Entry entry) =>
        entry.JournalRef is { } text
        && !Preprint().IsMatch(text)
        && Venue.Of(text) is { } venue
        && YearOf(entry, text) is { } year
            ? new(venue, year)
            : null;

    /// <summary>True when both are one: the year is the same, and the venue may be.</summary>
    public bool IsSame(Publication other) => Year == other.Year && IsAlike(other);

    /// <summary>
    /// True when they are two: neither the year is the same, nor can the venue be; or one is a meeting, and the other a
    /// periodical of another name, so not its proceedings.
    /// </summary>
    public bool Differs(Publication other) =>
        Year != other.Year
            ? !IsAlike(other)
            : !HasLikeName(other)
                && Venue.Sort != other.Venue.Sort
                && Venue.Sort != VenueSort.Unknown
                && other.Venue.Sort != VenueSort.Unknown;

    // A meeting may be named without a word that says so, a periodical hardly.
    private bool IsAlike(Publication other) =>
        Venue.Sort == VenueSort.Periodical == (other.Venue.Sort == VenueSort.Periodical) && HasLikeName(other);

    // Names that share less than half of their words name different venues.
    private bool HasLikeName(Publication other) =>
        Venue.Words.Count == 0 || other.Venue.Words.Count == 0 || Venue.Likeness(other.Venue) >= 0.5;

    // The year in the text, unless several stand there: pages look like years, too. Beside an arXiv id the date is that of the
    // preprint. A date and a text of different years leave it open.
    private static int? YearOf(Entry entry, string text)
    {
        var said = Years(Parenthesised().Matches(text));
        if (said.Count == 0)
            said = Years(Year4().Matches(text));
        var dated = StatedIdentifiers.Normal(entry.Identifiers)?.Arxiv is null ? entry.PublishedAt?.Year : null;
        if (dated is { } year)
            return said.Count == 0 || said.Contains(year) ? year : null;
        return said.Count == 1 ? said.First() : null;
    }

    private static HashSet<int> Years(MatchCollection matches) =>
        [.. matches.Select(m => int.Parse(m.Groups["year"].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\((?<year>(?:19|20)[0-9]{2})\)", RegexOptions.CultureInvariant)]
    private static partial Regex Parenthesised();

    [GeneratedRegex(@"(?<![0-9])(?<year>(?:19|20)[0-9]{2})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Year4();

    [GeneratedRegex(
        @"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|ssrn)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Preprint();
}
