using System.Globalization;
using MimeKit.Utils;

namespace PaperPipeline.Parser;

/// <summary>Dates as digests write them: ISO 8601 (also a day, month or year alone) and RFC 5322 in its loose forms.</summary>
internal static class DigestDates
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
}
