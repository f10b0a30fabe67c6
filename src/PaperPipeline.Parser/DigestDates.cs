using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit.Utils;

namespace PaperPipeline.Parser;

/// <summary>Dates as digests write them: ISO 8601 (also a day, month or year alone) and RFC 5322 in its loose forms.</summary>
internal static partial class DigestDates
{
    private static readonly string[] Partial = ["yyyy-MM", "yyyy", "yyyy/MM/dd", "yyyyMMdd"];

    /// <summary>The moment (UTC); a day without time is its midnight. Null where it is no date.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (text is null || text.Trim() is not { Length: >= 4 and <= 100 } trimmed)
            return null;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (char.IsAsciiDigit(trimmed[0]) && char.IsAsciiDigit(trimmed[3]))
            return
                DateTimeOffset.TryParseExact(trimmed, Partial, CultureInfo.InvariantCulture, utc, out var part)
                || DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, utc, out part)
                ? part
                : null;
        return DateUtils.TryParse(trimmed, out var date) && date.Year > 1900 ? date.ToUniversalTime() : null;
    }

    /// <summary>The day of <see cref="Read"/>.</summary>
    public static DateOnly? Day(string? text) =>
        Read(text) is { } date ? DateOnly.FromDateTime(date.UtcDateTime) : null;

    /// <summary>
    /// The day that a file's name, or the last part of an address, bears: <c>cs-2025-03-21.jsonl</c>. Null where it bears none,
    /// several, or one that is to come.
    /// </summary>
    /// <param name="name">File name or address.</param>
    /// <param name="retrieved">The day of the retrieval.</param>
    public static DateOnly? OfName(string? name, DateOnly retrieved)
    {
        if (name is null)
            return null;
        var path = name.Split('?', '#')[0].TrimEnd('/');
        var days = new HashSet<DateOnly>();
        foreach (var found in IsoDay().EnumerateMatches(path, path.LastIndexOfAny(['/', '\\']) + 1))
            if (
                DateOnly.TryParseExact(
                    path.AsSpan(found.Index, found.Length),
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var day
                )
            )
                days.Add(day);
        // Who collects may live in a time zone where the day has begun already.
        return days.Count == 1 && days.First() <= retrieved.AddDays(1) ? days.First() : null;
    }

    [GeneratedRegex(@"(?<![0-9])(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex IsoDay();
}
