using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>Hashes of the words of a text: runs of letters and digits, whatever their case. The same on every machine.</summary>
internal static class WordHashes
{
    /// <summary>Only so many words of a text count.</summary>
    public const int Most = 2000;

    // Words that tell nothing of a title.
    private static readonly HashSet<uint> Small =
    [
        .. "a an and as at by for from how in into is it its of on or the to towards toward using via we what when with"
            .Split(' ')
            .Select(word => Of(word)),
    ];

    /// <summary>Writes the hashes of the words, in their order; gives their number.</summary>
    public static int Of(ReadOnlySpan<char> text, Span<uint> into)
    {
        var (count, hash) = (0, StableHash.Start);
        foreach (var c in text)
            if (char.IsAsciiLetterOrDigit(c))
                hash = StableHash.Add(hash, (uint)(c | (c >= 'A' ? 0x20 : 0)));
            else if (c >= 0x80 && char.IsLetterOrDigit(c))
                hash = StableHash.Add(hash, char.ToLowerInvariant(c));
            else if (hash != StableHash.Start)
            {
                into[count++] = Mix(hash);
                hash = StableHash.Start;
                if (count == into.Length)
                    return count;
            }
        if (hash != StableHash.Start)
            into[count++] = Mix(hash);
        return count;
    }

    /// <summary>Drops the words that tell nothing; gives the number of those that are left.</summary>
    public static int DropSmall(Span<uint> words)
    {
        var kept = 0;
        foreach (var word in words)
            if (!Small.Contains(word))
                words[kept++] = word;
        return kept;
    }

    /// <summary>Makes each word and the next one a shingle, in place; gives their number.</summary>
    public static int Pair(Span<uint> words)
    {
        for (var i = 0; i + 1 < words.Length; i++)
            words[i] = Mix((words[i] * StableHash.Prime) ^ words[i + 1]);
        return Math.Max(0, words.Length - 1);
    }

    /// <summary>Spreads what tells hashes apart over all bits.</summary>
    public static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private static uint Of(string word)
    {
        Span<uint> hash = stackalloc uint[1];
        Of(word, hash);
        return hash[0];
    }
}
