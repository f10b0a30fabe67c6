using System.Text;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser;

/// <summary>Authors and institutions in one line of text, as "A. Uthor (1) and B. Writer ((1) Some University)".</summary>
/// <param name="Authors">Names in source order, TeX as it was.</param>
/// <param name="Affiliations">What stands in parentheses and is no number, in source order.</param>
internal sealed partial record AuthorList(IReadOnlyList<string> Authors, IReadOnlyList<string> Affiliations)
{
    // Behind a longer one no suffix is put: nobody has so many.
    private const int LongestName = 500;

    /// <summary>
    /// Splits at commas and "and" that stand outside braces and parentheses; where there are semicolons, at these alone, and
    /// "Last, First" is turned round.
    /// </summary>
    public static AuthorList Of(string text)
    {
        var affiliations = new List<string>();
        // Commas of East Asian writing count as any other.
        text = Folding.Fold(text).Replace('，', ',').Replace('、', ',').Replace('；', ';');
        var outside = WithoutParentheses(text, affiliations);
        var semicolons = Split(outside, ';');
        var names = new List<string>();
        foreach (var part in semicolons.Count > 1 ? semicolons : Split(outside, ','))
        foreach (var piece in And().Split(part))
        {
            var name = Others().Replace(piece, "").Trim(' ', ',', ';');
            if (name.Length == 0)
                continue;
            if (names.Count > 0 && names[^1].Length <= LongestName && Suffix().IsMatch(name))
                names[^1] += ", " + name;
            else
                names.Add(semicolons.Count > 1 ? Turn(name) : name);
        }

        return new AuthorList(names, affiliations);
    }

    /// <summary>A name with a blank behind each initial, as arXiv's catalogue has it: "A.B.Curie" as "A. B. Curie".</summary>
    public static string SpaceInitials(string name) => Initial().Replace(name, "$0 ");

    /// <summary>"Last, First" as "First Last"; anything else as it is.</summary>
    public static string Turn(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma <= 0 || name.IndexOf(',', comma + 1) >= 0)
            return name;
        var (last, first) = (name[..comma].Trim(), name[(comma + 1)..].Trim());
        return first.Length == 0 ? last
            : Suffix().IsMatch(first) ? name
            : $"{first} {last}";
    }

    private static List<string> Split(string text, char mark)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}')
                depth = Math.Max(0, depth - 1);
            else if (text[i] == mark && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string WithoutParentheses(string text, List<string> affiliations)
    {
        if (!text.Contains('(', StringComparison.Ordinal))
            return text;
        var (outside, inside, depth) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var c in text)
        {
            if (c == '(' && depth++ == 0)
                continue;
            if (c == ')' && depth > 0 && --depth == 0)
            {
                Institutions(inside.ToString(), affiliations);
                inside.Clear();
                outside.Append(' ');
                continue;
            }

            (depth > 0 ? inside : outside).Append(c);
        }

        // What is opened and never closed is no parenthesis.
        return depth > 0 ? text : Folding.Fold(outside.ToString());
    }

    private static void Institutions(string inside, List<string> affiliations)
    {
        foreach (var part in Number().Split(inside))
        {
            var name = part.Trim(' ', ',', ';', ':');
            if (name.Length > 0 && name.Any(char.IsLetter) && !NotShown().IsMatch(name) && !Mark().IsMatch(name))
                affiliations.Add(name);
        }
    }

    [GeneratedRegex(@"(?:^|\s+)(?:and|&)\s+|\s+and$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex And();

    [GeneratedRegex(
        @"\bet\.?\s?al\.?\s*$|^\s*(?:and\s+)?others\s*$|…$|\.\.\.$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Others();

    [GeneratedRegex(@"^(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D)\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"(?<![\p{L}\p{M}])\p{Lu}\.(?=[\p{L}{\\])", RegexOptions.CultureInvariant)]
    private static partial Regex Initial();

    [GeneratedRegex(@"\(\s*[0-9a-z*]{1,3}\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"^(?:[a-z*]|\d+)(?:\s*(?:,|and|&|-)?\s*(?:[a-z*]\b|\d+))*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Mark();

    [GeneratedRegex(
        @"authors? not shown|^editors?$|^eds?\.?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex NotShown();
}
