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
        2.29, // title words, contained
        1.78, // title spelling
        4.41, // title spelling, contained
        -4.67, // numbers differ
        0.43, // authors shared
        2.43, // authors all the same
        -1.10, // no author shared
        0.91, // authors unknown
        0.69, // same year
        -1.99, // next year
        -3.24, // years apart
        -1.26, // venues apart
        -1.64, // one meeting, one periodical
        -3.39, // brevity
        -0.70, // brevity, year not the same
        -0.76, // brevity, authors not shared
        1.68, // title words, no author shared
        0.72, // title words, no author known
        -0.89, // other title
        -1.27, // one amends
        0.64, // years unknown, same title
    ];

    private const double Always = -7.71;

    /// <summary>Two citations with a score of at least this much are the same.</summary>
    public const double Threshold = 0.63;

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
