namespace PaperPipeline.Storage.Similarity;

/// <summary>How two lists of authors compare.</summary>
/// <param name="Known">True when both name somebody.</param>
/// <param name="Shared">Share of the shorter list that is in the longer one; 0 to 1.</param>
/// <param name="Same">Share of all that is in both; 0 to 1.</param>
internal readonly record struct AuthorLikeness(bool Known, double Shared, double Same)
{
    private const int Most = 100;

    /// <summary>Compares; the order does not matter.</summary>
    public static AuthorLikeness Of(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var (a, b) = (Names(one), Names(other));
        if (a.Count == 0 || b.Count == 0)
            return default;
        var left = b.ToList();
        var shared = Take(a, left, (name, other) => name.MayBe(other));
        // Who exchanges given and family name does so in the whole list.
        if (shared == 0 && Math.Min(a.Count, b.Count) > 1)
            shared = Take(a, left, (name, other) => name.MayBeTurned(other));
        return new(true, (double)shared / Math.Min(a.Count, b.Count), (double)shared / (a.Count + b.Count - shared));
    }

    private static int Take(List<PersonName> names, List<PersonName> left, Func<PersonName, PersonName, bool> isSame)
    {
        var before = left.Count;
        foreach (var name in names)
            if (left.FindIndex(other => isSame(name, other)) is >= 0 and var found)
                left.RemoveAt(found);
        return before - left.Count;
    }

    private static List<PersonName> Names(IReadOnlyList<string> authors) =>
        [.. authors.Take(Most).Select(PersonName.Of).OfType<PersonName>()];
}
