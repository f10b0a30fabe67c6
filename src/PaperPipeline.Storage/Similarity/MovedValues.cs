using System.Globalization;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>
/// Puts values back that have moved to the end of the title, as they do where records were read from running text: first the
/// year, then the venue, then the authors, each only where its own place is empty.
/// </summary>
internal static class MovedValues
{
    private const int LongestVenue = 16;

    // Behind these the name of a meeting goes on; it does not begin.
    private static readonly HashSet<string> WithinNames = new(
        "annual biennial international intl joint first second third fourth fifth sixth seventh eighth ninth tenth".Split(
            ' '
        ),
        StringComparer.Ordinal
    );

    /// <summary>Puts them back in both; what one says helps to recognise it in the other.</summary>
    public static (Citation One, Citation Other) PutBack(Citation one, Citation other)
    {
        var first = PutBack(one, in other);
        var second = PutBack(other, in first);
        return (first.Authors.Count == 0 && second.Authors.Count > 0 ? PutBack(first, in second) : first, second);
    }

    private static Citation PutBack(Citation one, in Citation other)
    {
        var words = one
            .Title.Replace(",", " , ", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .ToList();
        var (year, venue, authors, before) = (one.Year, one.Venue, one.Authors, words.Count);
        words.RemoveRange(0, LeadingAuthors(words, other.Authors));
        if (year is null && words.Count > 2 && YearOf(words[^1]) is { } stated)
        {
            year = stated;
            words.RemoveAt(words.Count - 1);
        }
        if (venue.Length == 0 && VenueAt(words, other.Venue) is var at && at < words.Count)
        {
            venue = string.Join(' ', words[at..]);
            words.RemoveRange(at, words.Count - at);
        }
        if (authors.Count == 0)
        {
            var from = Math.Min(KnownAuthorsAt(words, other.Authors), ListedAuthorsAt(words));
            authors = NameList.Split(string.Join(' ', words[from..]));
            words.RemoveRange(from, words.Count - from);
        }
        return words.Count == before
            ? one
            : one with
            {
                Title = string.Join(' ', words),
                Authors = authors,
                Venue = venue,
                Year = year,
            };
    }

    /// <summary>The year that a word is, as "1998" or "1998.0"; null for any other.</summary>
    public static int? YearOf(string word) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number is >= 1900 and < 2100
        && number == Math.Floor(number)
            ? (int)number
            : null;

    // The longest end that is the other's venue, or the name of one.
    private static int VenueAt(List<string> words, string known)
    {
        var (first, other) = (Math.Max(1, words.Count - LongestVenue), Folding.Fold(known));
        for (var start = first; start < words.Count; start++)
            if (
                (other.Length > 0 && Folding.Fold(string.Join(' ', words[start..])) == other)
                // "Report on the first international conference" is a title.
                || (
                    !TitleWords.IsCommon(words[start - 1])
                    && !IsWithinName(words[start - 1])
                    && Venue.IsName(words[start..])
                )
            )
                return start;
        return words.Count;
    }

    private static bool IsWithinName(string word) =>
        WithinNames.Contains(word.ToLowerInvariant())
        || (word.Length > 2 && char.IsAsciiDigit(word[0]) && word[^2..] is ("st" or "nd" or "rd" or "th"));

    // The end that consists of words of the other's names, wherever more of them than of other words stand.
    private static int KnownAuthorsAt(List<string> words, IReadOnlyList<string> authors)
    {
        var names = authors.Select(PersonName.Of).OfType<PersonName>().ToList();
        var (best, start, sum, first) = (0, words.Count, 0, (PersonName?)null);
        for (var i = words.Count - 1; i >= 1; i--)
        {
            var tokens = Folding.Tokens(words[i]);
            if (tokens.Count == 0)
                continue;
            var bearer = names.Find(name => tokens.Contains(name.Family, StringComparer.Ordinal));
            first = bearer ?? first;
            sum += bearer is not null || tokens.Any(token => IsGiven(token, names)) ? 1 : -1;
            if (first is not null && sum > best)
                (best, start) = (sum, i);
        }
        return start < words.Count && first is not null ? WithGivenName(words, start, names) : start;
    }

    private static bool IsGiven(string token, List<PersonName> names) =>
        names.Exists(name => name.Given.Any(given => given == token || (token.Length == 1 && given[0] == token[0])));

    // "Jeffrey F." before a name that the other has as "J Naughton".
    private static int WithGivenName(List<string> words, int start, List<PersonName> names)
    {
        var tokens = Folding.Tokens(words[start]);
        var initial = names.Find(name => tokens.Contains(name.Family, StringComparer.Ordinal))?.Given is [var given, ..]
            ? given[0]
            : '\0';
        for (var back = 1; back <= 2 && start - back >= 1; back++)
        {
            var word = Folding.Fold(words[start - back]);
            if (word.Length > 0 && word[0] == initial)
                return start - back;
            if (word.Length != 1)
                break;
        }
        return start;
    }

    // Authors, the last of a list mostly, that stand before the title: "J. Doe , and A. Roe . A title".
    private static int LeadingAuthors(List<string> words, IReadOnlyList<string> authors)
    {
        var families = authors
            .Select(PersonName.Of)
            .OfType<PersonName>()
            .Select(n => n.Family)
            .ToHashSet(StringComparer.Ordinal);
        var (end, named) = (0, false);
        for (var i = 0; i < words.Count - 2; i++)
        {
            var tokens = Folding.Tokens(words[i]);
            if (tokens.Any(families.Contains))
                (end, named) = (i + 1, true);
            else if (tokens.Any(t => t.Length > 2 && t != "and"))
                break;
            else if (named && tokens.Count == 0)
                end = i + 1;
        }
        return end;
    }

    // "… a b , c d , e f": what stands between commas is two to four words long, but for the first name.
    private static int ListedAuthorsAt(List<string> words)
    {
        var (start, length) = (words.Count, 0);
        for (var i = words.Count - 1; i >= 1; i--)
        {
            if (words[i] != ",")
            {
                if (++length > 4 || TitleWords.IsCommon(words[i]))
                    break;
                continue;
            }
            if (length < 2)
                break;
            (start, length) = (Math.Max(1, i - FirstName(words, i)), 0);
        }
        return start;
    }

    // How many words before the comma are a name: as the next name has it, one or two initials or given names come first.
    private static int FirstName(List<string> words, int comma)
    {
        var initials = IsInitials(words[comma + 1]);
        return comma >= 3 && IsInitials(words[comma - 2]) && IsInitials(words[comma - 3]) == initials ? 3 : 2;
    }

    private static bool IsInitials(string word) => word.TrimEnd('.').Length <= 1;
}
