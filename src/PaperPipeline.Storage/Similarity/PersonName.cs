using PaperPipeline.Storage.Text;

namespace PaperPipeline.Storage.Similarity;

/// <summary>A name, as far as names are compared: "Jeffrey F. Naughton", "JF Naughton" and "Naughton, Jeffrey" are one.</summary>
/// <param name="Family">Family name, folded; of several words the last.</param>
/// <param name="Given">The other words, folded.</param>
internal sealed record PersonName(string Family, IReadOnlyList<string> Given)
{
    private static readonly HashSet<string> Suffixes = new(["jr", "sr", "ii", "iii", "iv"], StringComparer.Ordinal);

    /// <summary>Reads a name; null where there is no word in it.</summary>
    public static PersonName? Of(string name)
    {
        var parts = name.Split(',', 2);
        var (before, behind) = (Words(parts[0]), parts.Length > 1 ? Words(parts[1]) : []);
        if (before.Count == 0)
            (before, behind) = (behind, []);
        return before.Count == 0 ? null : new(before[^1], [.. behind, .. before[..^1]]);
    }

    /// <summary>
    /// True when both may be the same person: the family names are alike, and so are the first given names or their initials.
    /// </summary>
    public bool MayBe(PersonName other)
    {
        if (EditDistance.IsClose(Family, other.Family))
            return Given.Count == 0 || other.Given.Count == 0 || ShareInitial(other);
        return IsTurned(this, other) || IsTurned(other, this);
    }

    /// <summary>True when one may be the other with given and family name exchanged: "J Han" and "H Jiawei".</summary>
    public bool MayBeTurned(PersonName other) =>
        Given.Count > 0 && other.Given.Count > 0 && Family[0] == other.Given[0][0] && Given[0][0] == other.Family[0];

    // "Naughton JF", and names whose family stands first.
    private static bool IsTurned(PersonName one, PersonName other) =>
        one.Family.Length >= 3
        && other.Given.Contains(one.Family, StringComparer.Ordinal)
        && (one.Given.Count == 0 || other.Family[0] == one.Given[0][0]);

    // Of "jeffrey f" and "jf" the first letters; a letter that a wrong character set has left is like any other.
    private bool ShareInitial(PersonName other) =>
        Given.Any(g => other.Given.Any(o => g[0] == o[0]))
        || !char.IsAscii(Given[0][0])
        || !char.IsAscii(other.Given[0][0]);

    private static List<string> Words(string text) =>
        [.. Folding.Tokens(text).Where(t => !Suffixes.Contains(t) && !t.All(char.IsAsciiDigit))];
}
