namespace PaperPipeline.Storage.Text;

/// <summary>
/// Titles that name a kind of contribution and no work: "Editorial", "Guest Editors' Introduction", "Book Review Column". They
/// come again in each issue, mostly by the same people.
/// </summary>
public static class RecurringTitles
{
    private static readonly HashSet<string> Small = new(
        ["a", "an", "and", "by", "for", "from", "in", "of", "on", "s", "the", "this", "to"],
        StringComparer.Ordinal
    );

    /// <summary>The words that such titles are made of, folded.</summary>
    internal static IReadOnlySet<string> Words { get; } =
        new HashSet<string>(
            (
                "abstract abstracts address book books chair chairs column columns demo demonstration editor editorial editorials "
                + "editors extended foreword guest industry influential introduction issue keynote letter letters message "
                + "note notes panel paper papers perspectives preface reminiscences report review reviews session special "
                + "speech treasurer treasurers tutorial version"
            ).Split(' '),
            StringComparer.Ordinal
        );

    /// <summary>True for such a title.</summary>
    /// <param name="words">Its words, folded.</param>
    public static bool Is(IReadOnlyList<string> words)
    {
        var named = false;
        foreach (var word in words)
            if (Words.Contains(word))
                named = true;
            else if (!Small.Contains(word))
                return false;
        return named;
    }
}
