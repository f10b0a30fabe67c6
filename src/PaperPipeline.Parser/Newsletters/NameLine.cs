using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Newsletters;

/// <summary>A line that is nothing but names of people.</summary>
internal static partial class NameLine
{
    private const int Longest = 2000;

    /// <summary>The names, where the line is one of several names; null where it is not.</summary>
    public static IReadOnlyList<string>? Read(string line)
    {
        line = line.Trim('*', '_', ' ');
        if (line.Length is < 8 or > Longest || !line.Contains(',', StringComparison.Ordinal) || Never().IsMatch(line))
            return null;
        var names = AuthorList.Of(line).Authors;
        return names.Count >= 2 && names.All(n => Name().IsMatch(n)) ? names : null;
    }

    [GeneratedRegex(@"[0-9:;?!/@]|\w{3}\.$", RegexOptions.CultureInvariant)]
    private static partial Regex Never();

    // A capital first, then two to six words, of which only particles are small.
    [GeneratedRegex(
        @"^\p{Lu}[\p{L}\p{M}'’.-]*(?: (?:(?:de|del|della|di|da|dos|van|von|der|den|la|le|el|al|bin|ibn|ter|ten|zu|y|e) )*\p{Lu}[\p{L}\p{M}'’.-]*){1,5}(?:,? (?:Jr|Sr|II|III)\.?)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Name();
}
