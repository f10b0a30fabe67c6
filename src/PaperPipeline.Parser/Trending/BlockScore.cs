using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Trending;

/// <summary>How much a block looks like an abstract (positive) or a title (negative).</summary>
internal static partial class BlockScore
{
    // A look that is clear outweighs the missing abstracts of several papers in a row.
    private const double Certainty = 2;

    public static double Of(string text)
    {
        var score = text.Length switch
        {
            < 60 => -3.0,
            < 100 => -1.5,
            < 140 => -0.5,
            < 180 => 1.0,
            < 220 => 2.5,
            < 300 => 5.0,
            _ => 8.0,
        };
        if (text.EndsWith('.'))
            score += 3;
        else if (text.Length > 120 && text[^1] is '!' or '?')
            score += 1;
        score += Math.Min(2, SentenceBreak().Count(text)) * 3;
        if (Opener().IsMatch(text))
            score += 4;
        score += Math.Min(2, FiniteVerb().Count(text)) * 1.25;
        if (text.Length < 200 && text.AsSpan(0, Math.Min(text.Length, 80)).Contains(':'))
            score -= 1;
        return Certainty * (score + Casing(text));
    }

    private static double Casing(string text)
    {
        var (words, capitals) = (0, 0);
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan(range);
            if (word.Length < 4)
                continue;
            words++;
            if (char.IsUpper(word[0]))
                capitals++;
        }

        if (words < 2)
            return -1;
        return capitals * 10 >= words * 6 ? -3
            : capitals * 10 <= words * 2 ? 0.5
            : 0;
    }

    [GeneratedRegex(@"[a-z)]{3}[.] [A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceBreak();

    [GeneratedRegex(@"^(?:We |This |These |In this |In the |Our |It is |Here,? )", RegexOptions.CultureInvariant)]
    private static partial Regex Opener();

    [GeneratedRegex(
        @"\b(?:is|are|was|were|has|have|we|our|which|propose|present|show|can be)\b",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex FiniteVerb();
}
