using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>A title, as far as titles are compared.</summary>
internal sealed class TitleWords
{
    private const int Most = 200;

    // Words that nearly every title has, and those that very many have, weigh less: what is rare tells works apart.
    private static readonly HashSet<string> Stop = new(
        "a an and are as at by can do does for from how in into is it its of on or over that the their to towards toward under using via we what when with without your".Split(
            ' '
        ),
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Common = new(
        "algorithm algorithms analysis application applications approach approaches based data database databases deep design efficient evaluation framework language large learning management method methods model modeling models multi network networks neural new novel object objects oriented performance processing queries query study support system systems technique techniques time training use web".Split(
            ' '
        ),
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Amendments = new(
        ["addendum", "comment", "comments", "correction", "corrigendum", "erratum", "errata", "reply"],
        StringComparer.Ordinal
    );

    private readonly List<string> words;

    private TitleWords(List<string> words, string key) => (this.words, Key) = (words, key);

    /// <summary>Letters and digits alone, without a leading article.</summary>
    public string Key { get; }

    /// <summary>The weights of all words together.</summary>
    public double Weight => words.Sum(WeightOf);

    /// <summary>Reads a title.</summary>
    public static TitleWords Of(string title)
    {
        var tokens = Folding.Tokens(title);
        return new([.. tokens.Take(Most)], Folding.TitleKey(title));
    }

    /// <summary>True for a word that very many titles have, and hardly any name.</summary>
    public static bool IsCommon(string word) =>
        Stop.Contains(word) ? word.Length > 1 : Common.Contains(word) || RecurringTitles.Words.Contains(word);

    /// <summary>Weights of the words that both have, twice, to the weights of all; 0 to 1. Words may differ by a letter.</summary>
    public (double Dice, double Contained) Overlap(TitleWords other)
    {
        var (left, shared) = (other.words.ToList(), 0.0);
        var rest = new List<string>();
        foreach (var word in words)
            if (left.Remove(word))
                shared += WeightOf(word);
            else
                rest.Add(word);
        foreach (var word in rest.Where(w => w.Length >= 5))
            if (left.FindIndex(l => l.Length >= 5 && EditDistance.IsClose(word, l)) is >= 0 and var found)
            {
                left.RemoveAt(found);
                shared += WeightOf(word);
            }
        var (a, b) = (Weight, other.Weight);
        return a == 0 || b == 0 ? default : (2 * shared / (a + b), Math.Min(1, shared / Math.Min(a, b)));
    }

    /// <summary>True when both have numbers, be they of parts, versions or years, and each has one that the other has not.</summary>
    public bool NumbersDiffer(TitleWords other)
    {
        var (here, there) = (Numbers(), other.Numbers());
        return !here.IsSubsetOf(there) && !there.IsSubsetOf(here);
    }

    /// <summary>True when one amends a work and the other does not.</summary>
    public bool AmendmentsDiffer(TitleWords other) =>
        words.Exists(Amendments.Contains) != other.words.Exists(Amendments.Contains);

    private HashSet<string> Numbers() => new(words.Select(NumberOf).OfType<string>(), StringComparer.Ordinal);

    private static string? NumberOf(string word) =>
        word switch
        {
            "i" => "1",
            "ii" => "2",
            "iii" => "3",
            "iv" => "4",
            "vi" => "6",
            "vii" => "7",
            "viii" => "8",
            _ => word.All(char.IsAsciiDigit) ? word.TrimStart('0') : null,
        };

    private static double WeightOf(string word) =>
        Stop.Contains(word) ? 0.2
        : RecurringTitles.Words.Contains(word) ? 0.3
        : Common.Contains(word) ? 0.6
        : 1;
}
