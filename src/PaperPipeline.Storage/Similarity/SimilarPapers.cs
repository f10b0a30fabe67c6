using PaperPipeline.Storage.Index;

namespace PaperPipeline.Storage.Similarity;

/// <summary>A paper that is similar to another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Score">How likely it is that both are one work, 0 to 1: the more of both that follow is, the more it is.</param>
/// <param name="Citation">What title, authors, venue and year say.</param>
/// <param name="Abstract">Share of the pairs of words that both abstracts have; absent where one has none.</param>
public sealed record SimilarPaper(string Id, string Title, double Score, double Citation, double? Abstract);

/// <summary>Scores papers that may be similar to another one. Pure.</summary>
public static class SimilarPapers
{
    /// <summary>Papers with a lower score are not told.</summary>
    public const double LowestScore = 0.2;

    // Abstracts of different works on one matter have few pairs of words in common, revised ones about half.
    private const double Chance = 0.05;
    private const double Revised = 0.5;

    /// <summary>The similar ones, most similar first, then by id; the paper itself is none.</summary>
    public static IReadOnlyList<SimilarPaper> Rank(PaperDocument paper, IEnumerable<PaperDocument> others, int limit) =>
        [
            .. others
                .Where(other => other.Id != paper.Id)
                .Select(other => Compare(paper, other))
                .Where(found => found.Score >= LowestScore)
                .OrderByDescending(found => found.Score)
                .ThenBy(found => found.Id, StringComparer.Ordinal)
                .Take(limit),
        ];

    private static SimilarPaper Compare(PaperDocument paper, PaperDocument other)
    {
        var citation = CitationComparer.Compare(Cite(paper), Cite(other)).Score;
        var shared = paper.Abstract is { } one && other.Abstract is { } two ? Shared(one, two) : (double?)null;
        var revision = Math.Clamp(((shared ?? 0) - Chance) / (Revised - Chance), 0, 1);
        return new(
            other.Id,
            other.Title,
            Math.Round(1 - ((1 - citation) * (1 - revision)), 4),
            Math.Round(citation, 4),
            shared is { } share ? Math.Round(share, 4) : null
        );
    }

    private static Citation Cite(PaperDocument paper) =>
        new()
        {
            Title = paper.Title,
            Authors = paper.Authors ?? [],
            Venue = paper.JournalRef ?? "",
            Year = paper.PublishedAt?.Year,
        };

    private static double Shared(string one, string other)
    {
        var (a, b) = (Pairs(one), Pairs(other));
        var both = a.Count(b.Contains);
        return both == 0 ? 0 : (double)both / (a.Count + b.Count - both);
    }

    private static HashSet<uint> Pairs(string text)
    {
        var words = new uint[WordHashes.Most];
        return [.. words[..WordHashes.Pair(words.AsSpan(0, WordHashes.Of(text, words)))]];
    }
}
