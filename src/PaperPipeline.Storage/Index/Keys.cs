using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Index;

/// <summary>Kinds of keys, strongest first.</summary>
public enum KeyKind
{
    /// <summary>By decision of a person; never an id.</summary>
    Decided,
    Arxiv,
    Doi,
    Openreview,
    Own,
    Title,
}

/// <summary>A key of a paper: what makes two entries the same paper.</summary>
/// <param name="Kind">How strong it is.</param>
/// <param name="Value">The key itself, such as <c>arxiv:2410.24164</c>.</param>
/// <param name="Scope">The source for an own id: two own ids of one source contradict each other; "split" for a title that a
/// person's decision stands for; else empty.</param>
public sealed record PaperKey(KeyKind Kind, string Value, string Scope)
{
    /// <summary>True for a title that sources state: under one title there may be several works.</summary>
    public bool IsStatedTitle => Kind == KeyKind.Title && Scope.Length == 0;
}

/// <summary>The keys of an observation.</summary>
public static class Keys
{
    /// <summary>Titles with fewer letters and digits are no key by themselves; nor are those of <see cref="RecurringTitles"/>.</summary>
    public const int ShortTitle = 20;

    private const string Decision = "decision:";

    private static readonly HashSet<string> Suffixes = new(["jr", "sr", "ii", "iii", "iv"], StringComparer.Ordinal);

    /// <summary>The keys of an observation, strongest first; none for a short title with nothing beside it.</summary>
    public static IReadOnlyList<PaperKey> Of(Observation observation)
    {
        var stated = Stated(observation.Entry);
        if (observation.Decided is not { } decided)
            return stated;
        var (without, with) = (decided.Without ?? [], decided.With ?? []);
        return
        [
            .. with.Where(IsDecided).Select(key => new PaperKey(KeyKind.Decided, key, "")),
            .. stated.Where(key => !without.Contains(key.Value, StringComparer.Ordinal)),
            .. with.Where(key => !IsDecided(key)).Select(key => new PaperKey(KeyKind.Title, key, "split")),
        ];
    }

    /// <summary>The identifiers that are an observation's own; null when none is.</summary>
    public static Identifiers? Identifiers(Observation observation)
    {
        var stated = StatedIdentifiers.Normal(observation.Entry.Identifiers);
        if (stated is null || observation.Decided?.Without is not { } without)
            return stated;
        return StatedIdentifiers.Normal(
            new Identifiers
            {
                Arxiv = Unless("arxiv:", stated.Arxiv),
                Doi = Unless("doi:", stated.Doi),
                Openreview = Unless("openreview:", stated.Openreview),
            }
        );

        string? Unless(string kind, string? id) => without.Contains(kind + id, StringComparer.Ordinal) ? null : id;
    }

    /// <summary>The key that a merge gives to the papers which it names.</summary>
    public static string OfMerge(string decision) => Decision + decision;

    /// <summary>The key that a split gives to the entries which it takes out.</summary>
    public static string OfSplit(string decision) => "title:" + decision[..Math.Min(32, decision.Length)];

    private static bool IsDecided(string key) => key.StartsWith(Decision, StringComparison.Ordinal);

    private static List<PaperKey> Stated(Entry entry)
    {
        var keys = new List<PaperKey>();
        var identifiers = StatedIdentifiers.Normal(entry.Identifiers);
        if (identifiers?.Arxiv is { } arxiv)
            keys.Add(new(KeyKind.Arxiv, "arxiv:" + arxiv, ""));
        if (identifiers?.Doi is { } doi)
            keys.Add(new(KeyKind.Doi, "doi:" + doi, ""));
        if (identifiers?.Openreview is { } openreview)
            keys.Add(new(KeyKind.Openreview, "openreview:" + openreview, ""));
        if (entry.OwnId is { } own)
            keys.Add(new(KeyKind.Own, $"own:{entry.Source}:{own}", entry.Source));
        keys.AddRange(TitleKeys(entry).Select(value => new PaperKey(KeyKind.Title, value, "")));
        return keys;
    }

    /// <summary>The key that a person means by an identifier in any form, or by a title. Null for what is none of them.</summary>
    public static string? OfText(string text)
    {
        // Addresses are often copied without their beginning.
        foreach (var form in (ReadOnlySpan<string>)[text.Trim(), "https://" + text.Trim()])
            if (PaperIds.Of(form) is { } stated)
                return stated.Arxiv is { } arxiv ? "arxiv:" + arxiv
                    : stated.Doi is { } doi ? "doi:" + doi
                    : "openreview:" + stated.Openreview;
        var words = Folding.Tokens(text);
        return Folding.TitleKey(words) is { Length: >= ShortTitle } title && !RecurringTitles.Is(words)
            ? Fingerprint(title)
            : null;
    }

    /// <summary>The key of an observation that has no other.</summary>
    public static string OfEntry(Entry entry) => OfEntry(entry.Digest, entry.Ordinal);

    /// <summary>The key of an entry of a digest that has no other.</summary>
    public static string OfEntry(string digest, int ordinal) => $"entry:{digest}#{ordinal}";

    /// <summary>The entry that a key from <see cref="OfEntry(Entry)"/> names; null for any other key.</summary>
    public static (string Digest, int Ordinal)? EntryOf(string key) =>
        key.StartsWith("entry:", StringComparison.Ordinal)
        && key.LastIndexOf('#') is > 0 and var mark
        && int.TryParse(key.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? (key["entry:".Length..mark], ordinal)
            : null;

    private static IEnumerable<string> TitleKeys(Entry entry)
    {
        var words = Folding.Tokens(entry.Title);
        var (title, recurs) = (Folding.TitleKey(words), RecurringTitles.Is(words));
        if (title.Length >= ShortTitle && !recurs)
        {
            yield return Fingerprint(title);
            yield break;
        }
        if (title.Length == 0)
            yield break;
        // The same person writes the next column under that title.
        if (!recurs && entry.Authors is [var first, ..] && FamilyName(first) is { } family)
            yield return Fingerprint(title + "\nauthor:" + family);
        if (entry.Abstract is { } text && string.Concat(Folding.Tokens(text)) is { Length: > 0 } letters)
            yield return Fingerprint(title + "\nabstract:" + letters[..Math.Min(100, letters.Length)]);
    }

    // "Ada King", "King, Ada" and "Ada King, Jr." are one name.
    private static string? FamilyName(string author)
    {
        var parts = author
            .Split(',', 2)
            .Select(part => Folding.Tokens(part).Where(t => !Suffixes.Contains(t)))
            .ToList();
        return parts[0].LastOrDefault() ?? parts[^1].LastOrDefault();
    }

    private static string Fingerprint(string text) =>
        "title:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
