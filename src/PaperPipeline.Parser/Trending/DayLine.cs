using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaperPipeline.Parser.Trending;

/// <summary>A day as a page writes it, often without its year.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct DayLine(int? Year, int Month, int Day)
{
    private const int LongestGap = 8;
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    public static bool TryRead(string line, out DayLine day)
    {
        day = default;
        if (line.Length is < 4 or > 40 || !line.AsSpan().ContainsAnyInRange('0', '9'))
            return false;
        var match = Pattern().Match(line);
        if (!match.Success)
            return false;
        int? year = match.Groups["y"] is { Success: true } y
            ? int.Parse(y.ValueSpan, CultureInfo.InvariantCulture)
            : null;
        var number = int.Parse(match.Groups["d"].ValueSpan, CultureInfo.InvariantCulture);
        var month = match.Groups["n"] is { Success: true } n
            ? int.Parse(n.ValueSpan, CultureInfo.InvariantCulture)
            : (Months.IndexOf(match.Groups["m"].Value[..3], StringComparison.OrdinalIgnoreCase) / 3) + 1;
        if (month is < 1 or > 12 || year is 0 || number < 1 || number > DateTime.DaysInMonth(year ?? 2000, month))
            return false;
        day = new DayLine(year, month, number);
        return true;
    }

    /// <summary>The day itself; without a year the latest such day not after <paramref name="retrieved"/>.</summary>
    public DateOnly? Resolve(DateOnly retrieved)
    {
        if (Year is { } given)
            return new DateOnly(given, Month, Day);
        // Leap days lie at most eight years apart.
        for (var year = retrieved.Year; year >= Math.Max(1, retrieved.Year - LongestGap); year--)
        {
            if (
                Day <= DateTime.DaysInMonth(year, Month)
                && new DateOnly(year, Month, Day) is var day
                && day <= retrieved
            )
                return day;
        }

        return null;
    }

    [GeneratedRegex(
        @"^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?(?:"
            + @"(?<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
            + @"|nov(?:ember)?|dec(?:ember)?)\.? (?<d>[0-9]{1,2})(?:st|nd|rd|th)?(?:,? (?<y>[0-9]{4}))?"
            + @"|(?<d>[0-9]{1,2})(?:st|nd|rd|th)?\.? (?<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
            + @"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?:,? (?<y>[0-9]{4}))?"
            + @"|(?<y>[0-9]{4})-(?<n>[0-9]{2})-(?<d>[0-9]{2}))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
