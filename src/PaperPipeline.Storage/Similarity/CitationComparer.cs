namespace PaperPipeline.Storage.Similarity;

/// <summary>The answer to whether two citations are one work.</summary>
/// <param name="Same">True when they are.</param>
/// <param name="Score">How sure it is that they are, 0 to 1.</param>
public readonly record struct Comparison(bool Same, double Score);

/// <summary>
/// Says whether two citations are one work: the sum of weighted <see cref="CitationFeatures"/> through the logistic
/// function, and a threshold. The weights are fitted on labelled pairs: <c>PaperPipeline.Benchmarks fit-comparer</c>.
/// </summary>
public static class CitationComparer
{
    private static readonly double[] Weights =
    [
        2.19, // title words, contained
        1.80, // title spelling
        4.35, // title spelling, contained
        -4.70, // numbers differ
        0.46, // authors shared
        2.43, // authors all the same
        -1.07, // no author shared
        0.92, // authors unknown
        0.71, // same year
        -1.97, // next year
        -3.22, // years apart
        -1.29, // venues apart
        -1.76, // one meeting, one periodical
        -3.40, // brevity
        -0.75, // brevity, year not the same
        -0.75, // brevity, authors not shared
        1.67, // title words, no author shared
        0.77, // title words, no author known
        -0.99, // other title
        -1.27, // one amends
        0.67, // years unknown, same title
    ];

    private const double Always = -7.61;

    /// <summary>Two citations with a score of at least this much are the same.</summary>
    public const double Threshold = 0.64;

    /// <summary>Compares two citations; the order does not matter.</summary>
    public static Comparison Compare(Citation one, Citation other)
    {
        var sum = Always;
        foreach (var (feature, weight) in CitationFeatures.Of(one, other).Zip(Weights))
            sum += feature * weight;
        var score = 1 / (1 + Math.Exp(-sum));
        return new(score >= Threshold, score);
    }
}
