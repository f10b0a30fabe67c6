using System.Numerics;

namespace PaperPipeline.Storage.Similarity;

/// <summary>
/// MinHash: of each of many orders of all shingles the first one of a set. The share of orders in which two sets agree
/// estimates the share of their shingles that both have.
/// </summary>
internal static class MinHash
{
    /// <summary>Number of orders; a multiple of what a vector holds.</summary>
    public const int Orders = 64;

    private static readonly uint[] Masks = Constants(0x9E3779B9, odd: false);
    private static readonly uint[] Factors = Constants(0x7F4A7C15, odd: true);

    /// <summary>Writes the first shingle of each order, for as many orders as there is room for.</summary>
    public static void Sketch(ReadOnlySpan<uint> shingles, Span<uint> into)
    {
        into.Fill(uint.MaxValue);
        for (var at = 0; at < into.Length; at += Vector<uint>.Count)
        {
            var (mask, factor) = (new Vector<uint>(Masks, at), new Vector<uint>(Factors, at));
            var least = new Vector<uint>(uint.MaxValue);
            foreach (var shingle in shingles)
                least = Vector.Min(least, (new Vector<uint>(shingle) ^ mask) * factor);
            for (var lane = 0; lane < Vector<uint>.Count && at + lane < into.Length; lane++)
                into[at + lane] = least[lane];
        }
    }

    private static uint[] Constants(uint seed, bool odd)
    {
        var constants = new uint[Orders];
        for (var i = 0; i < Orders; i++)
            constants[i] = WordHashes.Mix(seed + (uint)i) | (odd ? 1u : 0);
        return constants;
    }
}
