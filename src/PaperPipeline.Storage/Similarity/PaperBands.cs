namespace PaperPipeline.Storage.Similarity;

/// <summary>
/// Short hashes by which similar papers are found: papers of which one is equal have much of their title or abstract in
/// common. Each stands for a few of the sketch's shingles together (locality-sensitive hashing).
/// </summary>
public static class PaperBands
{
    /// <summary>Bands of the title, over its words.</summary>
    public const int OfTitle = 6;

    /// <summary>Bands of the abstract, over its pairs of words.</summary>
    public const int OfAbstract = 10;

    /// <summary>Shingles that make a band of the title.</summary>
    public const int TitleRows = 2;

    /// <summary>Shingles that make a band of the abstract.</summary>
    public const int AbstractRows = 3;

    private const int Letters = 6;
    private const int BitsPerLetter = 5;
    private const int Greatest = (1 << (Letters * BitsPerLetter)) - 1;

    // One word is no title to go by.
    private const int FewestWords = 2;
    private const int FewestPairs = 8;

    /// <summary>The bands of a paper, none below 0; none of what is too short.</summary>
    public static IReadOnlyList<int> Of(string title, string? text)
    {
        Span<uint> words = stackalloc uint[WordHashes.Most];
        var bands = new List<int>(OfTitle + OfAbstract);
        var count = WordHashes.DropSmall(words[..WordHashes.Of(title, words)]);
        if (count >= FewestWords)
            Add(bands, words[..count], OfTitle, TitleRows, 0);
        if (text is not null)
        {
            count = WordHashes.Pair(words[..WordHashes.Of(text, words)]);
            if (count >= FewestPairs)
                Add(bands, words[..count], OfAbstract, AbstractRows, OfTitle);
        }
        return bands;
    }

    private static void Add(List<int> bands, ReadOnlySpan<uint> shingles, int count, int rows, int from)
    {
        Span<uint> sketch = stackalloc uint[count * rows];
        MinHash.Sketch(shingles, sketch);
        for (var band = 0; band < count; band++)
        {
            var hash = WordHashes.Mix((uint)(from + band + 1));
            foreach (var shingle in sketch.Slice(band * rows, rows))
                hash = WordHashes.Mix(hash ^ shingle);
            bands.Add((int)(hash & Greatest));
        }
    }

    /// <summary>A band as a word for an index of text: letters and digits alone, which no index takes apart.</summary>
    public static string Word(int band) =>
        string.Create(
            Letters,
            band,
            static (letters, bits) =>
            {
                for (var i = 0; i < letters.Length; i++)
                    letters[i] = "0123456789abcdefghijklmnopqrstuv"[(int)(bits >> (i * BitsPerLetter)) & 31];
            }
        );
}
