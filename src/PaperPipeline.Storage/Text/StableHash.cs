namespace PaperPipeline.Storage.Text;

/// <summary>FNV-1a of letters, 32 bits: the same in every process and on every machine, unlike that of a string.</summary>
public static class StableHash
{
    /// <summary>The hash of nothing.</summary>
    public const uint Start = 2166136261;

    /// <summary>What each letter multiplies the hash by.</summary>
    internal const uint Prime = 16777619;

    /// <summary>The hash of what was hashed before, and one letter more.</summary>
    public static uint Add(uint hash, uint letter) => (hash ^ letter) * Prime;

    /// <summary>The hash of what was hashed before, and a text behind it.</summary>
    public static uint Add(uint hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            hash = Add(hash, c);
        return hash;
    }
}
