using System.Security.Cryptography;
using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index;

/// <summary>Kinds of keys, strongest first.</summary>
public enum KeyKind
{
    Arxiv,
    Doi,
    Openreview,
    Own,
    Title,
}

/// <summary>A key of a paper: what makes two entries the same paper.</summary>
/// <param name="Kind">How strong it is.</param>
/// <param name="Value">The key itself, such as <c>arxiv:2410.24164</c>.</param>
/// <param name="Scope">The source for an own id: two own ids of one source contradict each other; else empty.</param>
public sealed record PaperKey(KeyKind Kind, string Value, string Scope);

/// <summary>The keys of an observation.</summary>
public static class Keys
{
    /// <summary>Titles with fewer letters and digits are no key by themselves.</summary>
    public const int ShortTitle = 20;

    /// <summary>The keys of an observation, strongest first; none for a short title with nothing beside it.</summary>
    public static IReadOnlyList<PaperKey> Of(Observation observation)
    {
        var entry = observation.Entry;
        var keys = new List<PaperKey>();
        if (entry.Identifiers?.Arxiv is { } arxiv)
            keys.Add(new(KeyKind.Arxiv, "arxiv:" + arxiv, ""));
        if (entry.Identifiers?.Doi is { } doi)
            keys.Add(new(KeyKind.Doi, "doi:" + doi.ToLowerInvariant(), ""));
        if (entry.Identifiers?.Openreview is { } openreview)
            keys.Add(new(KeyKind.Openreview, "openreview:" + openreview, ""));
        if (entry.OwnId is { } own)
            keys.Add(new(KeyKind.Own, $"own:{entry.Source}:{own}", entry.Source));
        keys.AddRange(TitleKeys(entry).Select(value => new PaperKey(KeyKind.Title, value, "")));
        return keys;
    }

    /// <summary>The key of an observation that has no other.</summary>
    public static string OfEntry(Entry entry) => $"entry:{entry.Digest}#{entry.Ordinal}";

    private static IEnumerable<string> TitleKeys(Entry entry)
    {
        var title = Folding.TitleKey(entry.Title);
        if (title.Length >= ShortTitle)
        {
            yield return Fingerprint(title);
            yield break;
        }
        if (title.Length == 0)
            yield break;
        if (entry.Authors is [var first, ..] && Folding.Tokens(first) is [.., var family])
            yield return Fingerprint(title + "\nauthor:" + family);
        if (entry.Abstract is { } text && string.Concat(Folding.Tokens(text)) is { Length: > 0 } letters)
            yield return Fingerprint(title + "\nabstract:" + letters[..Math.Min(100, letters.Length)]);
    }

    private static string Fingerprint(string text) =>
        "title:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
