using System.Globalization;
using System.Text;

namespace PaperPipeline.Benchmarks;

/// <summary>
/// Invented papers, the same for the same seed. Few words are frequent and many are rare, as in real text, because
/// the cost of a full-text index depends on it.
/// </summary>
internal static class GeneratedPapers
{
    private const int RareWords = 30_000;
    private const int AbstractLength = 1_000;

    private static readonly string[] Adjectives =
    [
        .. "sparse quiet robust shared narrow patient modular hidden gentle latent steady frugal".Split(' '),
    ];

    private static readonly string[] Things =
    [
        .. "bridges rivers gardens maps kernels lanterns timetables harbours textures forecasts archives graphs".Split(
            ' '
        ),
    ];

    private static readonly string[] Actions = [.. "learning pruning folding tracing joining weighing".Split(' ')];

    private static readonly string[] Openings =
    [
        "We study how",
        "We show that",
        "In this paper we ask whether",
        "Our results suggest that",
        "A second series of trials finds that",
        "This is surprising, because",
    ];

    private static readonly string[] Frequent =
    [
        .. (
            "the of and to a in for with on by that is are from as which each than between model models data method "
            + "training learned features large small error bound samples tasks language image network layer loss "
            + "search score cost time memory space order prior noise signal local global simple exact"
        ).Split(' '),
    ];

    private static readonly string[] Syllables =
    [
        .. "ka lo ven mi tar su ren do pel ni gra fo lis ba que tor sha wen ri mo".Split(' '),
    ];

    /// <summary>Papers, each with a title of its own.</summary>
    public static IEnumerable<Paper> Make(int count, int seed)
    {
        for (var number = 0; number < count; number++)
        {
            // Each paper has its own source of chance, so that a longer series begins with the shorter one.
#pragma warning disable CA5394 // nothing secret here
            var random = new Random(HashCode(seed, number));
#pragma warning restore CA5394
            yield return new Paper(Title(number, random), Abstract(random));
        }
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7_919));

    private static string Title(int number, Random random)
    {
        var name = Capital(Word(number + RareWords)) + "Net";
        var (action, thing) = (Capital(Pick(Actions, random)), Capital(Pick(Things, random)));
        return $"{name}: {action} {Capital(Pick(Adjectives, random))} {thing} for {Capital(Pick(Things, random))}";
    }

    private static string Abstract(Random random)
    {
        var text = new StringBuilder();
        while (text.Length < AbstractLength)
        {
            text.Append(Pick(Openings, random));
            for (var left = Next(random, 12, 24); left > 0; left--)
                text.Append(' ').Append(AnyWord(random));
            text.Append(". ");
        }
        if (Next(random, 0, 4) == 0)
            text.Append(CultureInfo.InvariantCulture, $"It needs $10^{Next(random, 2, 9)}$ steps in $\\ell_1$ norm. ");
        if (Next(random, 0, 3) == 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $"Code is available at https://github.com/example-lab/{Word(Next(random, 0, RareWords))}. "
            );
        return text.ToString().TrimEnd();
    }

    private static string AnyWord(Random random)
    {
#pragma warning disable CA5394
        if (random.NextDouble() < 0.55)
            return Pick(Frequent, random);
        var rank = random.NextDouble();
#pragma warning restore CA5394
        return Word((int)(rank * rank * rank * RareWords));
    }

    private static string Word(int number)
    {
        var word = new StringBuilder();
        for (number += Syllables.Length; number > 0; number /= Syllables.Length)
            word.Append(Syllables[number % Syllables.Length]);
        return word.ToString();
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Pick(string[] words, Random random) => words[Next(random, 0, words.Length)];

#pragma warning disable CA5394
    private static int Next(Random random, int from, int to) => random.Next(from, to);
#pragma warning restore CA5394
}
