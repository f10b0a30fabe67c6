namespace PaperPipeline.Storage.Similarity;

/// <summary>How many letters have to be changed, added or dropped to make one text of another.</summary>
internal static class EditDistance
{
    private const int Longest = 400;

    /// <summary>1 for equal texts, 0 for texts without a letter in common. Only the beginning of a very long text counts.</summary>
    public static double Likeness(string one, string other)
    {
        var (a, b) = (Cut(one), Cut(other));
        var longer = Math.Max(a.Length, b.Length);
        return longer == 0 ? 0 : 1 - ((double)Distance(a, b, inside: false) / longer);
    }

    /// <summary>1 where the shorter text stands somewhere in the longer one.</summary>
    public static double Inclusion(string one, string other)
    {
        var (a, b) = (Cut(one), Cut(other));
        if (a.Length > b.Length)
            (a, b) = (b, a);
        return a.Length == 0 ? 0 : 1 - ((double)Distance(a, b, inside: true) / a.Length);
    }

    /// <summary>True when few letters tell two words apart, for their length.</summary>
    public static bool IsClose(string one, string other)
    {
        var longer = Math.Max(one.Length, other.Length);
        var allowed =
            longer >= 9 ? 2
            : longer >= 5 ? 1
            : 0;
        return Math.Abs(one.Length - other.Length) <= allowed && Distance(one, other, inside: false) <= allowed;
    }

    private static string Cut(string text) => text.Length <= Longest ? text : text[..Longest];

    // With inside, whatever of b stands before and behind costs nothing.
    private static int Distance(string a, string b, bool inside)
    {
        Span<int> row = stackalloc int[Longest + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = inside ? 0 : j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        if (!inside)
            return row[b.Length];
        var least = row[0];
        foreach (var distance in row[..(b.Length + 1)])
            least = Math.Min(least, distance);
        return least;
    }
}
