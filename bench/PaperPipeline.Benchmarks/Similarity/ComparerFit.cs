using System.Globalization;
using PaperPipeline.Storage.Similarity;

namespace PaperPipeline.Benchmarks.Similarity;

/// <summary>
/// Fits the weights of <see cref="CitationComparer"/> and chooses its threshold, both on training pairs and on noisy copies of
/// them. Prints them as that class holds them, and how well they separate.
/// </summary>
internal static class ComparerFit
{
    private const double Ridge = 5;

    // A false merge is worse than a missed one: precision counts twice as much as recall.
    private const double Beta = 0.5;
    private const double AsGood = 0.001;

    /// <summary>Fits on the training files, and judges on the others.</summary>
    public static void Run(string[] training, string[] judged)
    {
        var sets = new List<(string Name, List<(bool Same, IReadOnlyList<double> Features)> Pairs)>();
        foreach (var path in training)
            sets.Add((Path.GetFileName(path), Features(LabelledPair.Read(path))));
        var clean = LabelledPair.Read(training[0]);
        sets.Add(("the first with noise", Features(new CitationNoise(clean, moved: false, seed: 1).Apply())));
        sets.Add(
            ("the first with noise and moved values", Features(new CitationNoise(clean, moved: true, seed: 2).Apply()))
        );
        var all = sets.SelectMany(s => s.Pairs).ToList();
        var weights = LogisticFit.Solve(all, Ridge);
        // Near its best the measure is flat: of thresholds that are as good, the lowest misses fewest.
        var worth = Enumerable
            .Range(30, 70)
            .Select(n => n / 100.0)
            .ToDictionary(t => t, t => Worth(Judge(all, weights, t)));
        var threshold = worth.Where(t => t.Value >= worth.Values.Max() - AsGood).Min(t => t.Key);
        foreach (var (name, weight) in CitationFeatures.Names.Append("always").Zip(weights))
            Write($"{weight, 8:0.00}, // {name}");
        Write($"threshold {threshold:0.00}");
        foreach (var path in judged)
            sets.Add((Path.GetFileName(path), Features(LabelledPair.Read(path))));
        foreach (var (name, pairs) in sets)
        {
            var of = Judge(pairs, weights, threshold);
            Write($"{name}: precision {of.Precision:0.000}, recall {of.Recall:0.000}, F1 {of.F1:0.000}");
        }
    }

    private static double Worth(Agreement of) =>
        (1 + (Beta * Beta)) * of.Precision * of.Recall / Math.Max(1e-9, (Beta * Beta * of.Precision) + of.Recall);

    private static List<(bool, IReadOnlyList<double>)> Features(IEnumerable<LabelledPair> pairs) =>
        [.. pairs.Select(p => (p.Same, CitationFeatures.Of(p.One, p.Other)))];

    private static Agreement Judge(
        List<(bool Same, IReadOnlyList<double> Features)> pairs,
        double[] weights,
        double threshold
    )
    {
        var agreement = new Agreement();
        foreach (var (same, features) in pairs)
            agreement.Add(LogisticFit.Chance(weights, features) >= threshold, same);
        return agreement;
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
