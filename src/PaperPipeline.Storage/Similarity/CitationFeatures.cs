namespace PaperPipeline.Storage.Similarity;

/// <summary>What two citations have in common and what tells them apart, each a number from 0 to 1.</summary>
public static class CitationFeatures
{
    private const double LongTitle = 4;

    /// <summary>The names of the features, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "title words, contained",
        "title spelling",
        "title spelling, contained",
        "numbers differ",
        "authors shared",
        "authors all the same",
        "no author shared",
        "authors unknown",
        "same year",
        "next year",
        "years apart",
        "venues apart",
        "one meeting, one periodical",
        "brevity",
        "brevity, year not the same",
        "brevity, authors not shared",
        "title words, no author shared",
        "title words, no author known",
        "other title",
        "one amends",
        "years unknown, same title",
    ];

    /// <summary>The features of a pair.</summary>
    public static IReadOnlyList<double> Of(Citation one, Citation other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        // So that it does not matter which of them is given first.
        if (string.CompareOrdinal(Order(one), Order(other)) > 0)
            (one, other) = (other, one);
        var (a, b) = MovedValues.PutBack(one, other);
        var (left, right) = (TitleWords.Of(a.Title), TitleWords.Of(b.Title));
        var (words, contained) = left.Overlap(right);
        var spelling = EditDistance.Likeness(left.Key, right.Key);
        var inclusion = EditDistance.Inclusion(left.Key, right.Key);
        var authors = AuthorLikeness.Of(a.Authors, b.Authors);
        var years = a.Year is { } from && b.Year is { } to ? Math.Abs(from - to) : (int?)null;
        var (here, there) = (Venue.Of(a.Venue), Venue.Of(b.Venue));
        var venues = here is not null && there is not null;
        var sorts =
            venues && here!.Sort != VenueSort.Unknown && there!.Sort != VenueSort.Unknown && here.Sort != there.Sort;
        var brevity = Math.Max(0, 1 - (Math.Min(left.Weight, right.Weight) / LongTitle));
        return
        [
            contained,
            spelling,
            inclusion,
            Flag(left.NumbersDiffer(right)),
            authors.Shared,
            authors.Same,
            Flag(authors.Known && authors.Shared == 0),
            Flag(!authors.Known),
            Flag(years == 0),
            Flag(years == 1),
            Flag(years > 1),
            Flag(venues && here!.Likeness(there!) == 0),
            Flag(sorts),
            brevity,
            years == 0 ? 0 : brevity,
            authors.Shared < 0.5 ? brevity : 0,
            authors.Known ? Above(words, 0.5) * (1 - authors.Shared) : 0,
            authors.Known ? 0 : Above(words, 0.5),
            Flag(Math.Max(words, spelling) < 0.6),
            Flag(left.AmendmentsDiffer(right)),
            years is null ? Above(spelling, 0.85) : 0,
        ];
    }

    private static string Order(Citation citation) =>
        $"{citation.Title}\n{string.Join('\n', citation.Authors)}\n{citation.Venue}\n{citation.Year}";

    private static double Flag(bool holds) => holds ? 1 : 0;

    // 0 up to the threshold, then rising to 1.
    private static double Above(double value, double threshold) => Math.Max(0, (value - threshold) / (1 - threshold));
}
