using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Trending;

/// <summary>What a line can be in the frame around the papers of a trending page.</summary>
internal enum FurnitureKind
{
    /// <summary>No furniture.</summary>
    None,

    /// <summary>A line that could be a title or the end of a sentence elsewhere.</summary>
    Weak,

    /// <summary>A day; like a weak line, it needs company.</summary>
    Day,

    /// <summary>A line that is never anything else.</summary>
    Strong,
}

/// <summary>The lines of a trending page that belong to no paper.</summary>
internal static partial class Furniture
{
    /// <summary>The lines, for a person.</summary>
    public const string Names =
        "a line 'new', 'Get trending papers in your email inbox!', 'Subscribe', 'by AK and the research community', "
        + "'Trending Papers', 'Daily Papers' or a day such as 'May 22'";

    private const int Longest = 80;

    private static readonly System.Buffers.SearchValues<char> Beginnings = System.Buffers.SearchValues.Create(
        "gGbBnNsStTdD"
    );

    public static FurnitureKind Of(string line)
    {
        if (line.Length is 0 or > Longest)
            return FurnitureKind.None;
        // Most lines begin with another letter.
        if (!Beginnings.Contains(line[0]))
            return DayLine.TryRead(line, out _) ? FurnitureKind.Day : FurnitureKind.None;
        if (StrongLine().IsMatch(line))
            return FurnitureKind.Strong;
        if (WeakLine().IsMatch(line))
            return FurnitureKind.Weak;
        return DayLine.TryRead(line, out _) ? FurnitureKind.Day : FurnitureKind.None;
    }

    [GeneratedRegex(
        @"^(?:get trending papers in your email inbox ?!?|by ?AK and (?:\w+ ){0,3}(?:research )?community)\.?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex StrongLine();

    [GeneratedRegex(
        "^(?:new|subscribe|trending papers|daily papers)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex WeakLine();
}
