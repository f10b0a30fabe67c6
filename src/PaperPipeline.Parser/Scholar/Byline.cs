using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Scholar;

/// <summary>
/// The line below a title of Google Scholar: "A Uthor, B Writer - Journal of Lamps, 2026". Either side may be cut, which an
/// ellipsis shows.
/// </summary>
/// <param name="Authors">The names that are there.</param>
/// <param name="Venue">Where it was published, with the year, as it is written; may be cut.</param>
/// <param name="Year">The year.</param>
internal sealed partial record Byline(IReadOnlyList<string> Authors, string? Venue, int? Year)
{
    private const char Cut = '…';

    public static Byline Of(string line)
    {
        line = Folding.Fold(line);
        var dash = Dash().Match(line);
        var names = dash.Success ? line[..dash.Index] : line;
        var venue = dash.Success ? line[(dash.Index + dash.Length)..].Trim() : "";
        var year = LastYear().Match(venue);
        // "2026 Conference on Lamps": the year is part of the name.
        if (!year.Success)
            year = FirstYear().Match(venue);
        var authors = names
            .Split([',', '，', '、'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Trim(Cut, ' ').Replace("...", "", StringComparison.Ordinal).Trim())
            .Where(name => name.Length > 0)
            .ToList();
        return new Byline(
            authors,
            venue.Length == 0 || venue.Length == year.Length ? null : venue,
            year.Success
                ? int.Parse(year.Groups["year"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
                : null
        );
    }

    /// <summary>The entry with what the line says.</summary>
    public Entry Complete(Entry entry, Dictionary<string, string> extra)
    {
        var preprint = Venue is null ? null : Preprint().Match(Venue);
        var isCut =
            Venue?.Contains(Cut, StringComparison.Ordinal) == true
            || Venue?.EndsWith("...", StringComparison.Ordinal) == true;
        if (isCut)
            extra["venue"] = Venue!;
        return entry with
        {
            Authors = Authors,
            JournalRef = isCut || preprint?.Success == true ? null : Venue,
            PublishedAt = Year is { } year ? new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
            Identifiers =
                entry.Identifiers?.Arxiv is null && preprint is { Success: true }
                    ? (entry.Identifiers ?? new Identifiers()) with
                    {
                        Arxiv = PaperIds.Arxiv(preprint.Groups["id"].Value)?.Id,
                    }
                        is { Arxiv: not null } stated
                        ? stated
                        : entry.Identifiers
                    : entry.Identifiers,
        };
    }

    [GeneratedRegex(@"(?:^|(?<=[\s…]))[-–—] ", RegexOptions.CultureInvariant)]
    private static partial Regex Dash();

    [GeneratedRegex(@"(?:^|,\s*|\s)(?<year>(?:19|20)[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex LastYear();

    [GeneratedRegex(@"^(?<year>(?:19|20)[0-9]{2})(?= \p{L})", RegexOptions.CultureInvariant)]
    private static partial Regex FirstYear();

    [GeneratedRegex(
        @"^arXiv (?:e-prints|preprint)\b.*?(?:arXiv: ?(?<id>\S+?))?(?:,.*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Preprint();
}
