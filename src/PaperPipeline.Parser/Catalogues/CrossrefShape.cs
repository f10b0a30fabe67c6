using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Parser.Feeds;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Catalogues;

/// <summary>Works of Crossref (api.crossref.org): a list, or one work.</summary>
internal sealed partial class CrossrefShape : IDigestShape
{
    public string Name => "crossref-json";

    public ContentKind Kinds => ContentKind.Json | ContentKind.JsonLines;

    public Recognition Recognise(DigestContent content)
    {
        var json = content.Json;
        if (json.Has("message-type", "message") || json.Has("status", "message-type"))
            return Recognition.Of(
                new Crossref(content, IsList().IsMatch(content.Head) || json.Has("message.items")),
                "message-type and message"
            );
        return json.Has("[].DOI", "[].title")
            ? Recognition.Of(new Crossref(content, isList: false), "works that have DOI and title")
            : Recognition.None("message-type and message, or works that have DOI and title");
    }

    [GeneratedRegex(@"""message-type""\s*:\s*""work-list""", RegexOptions.CultureInvariant)]
    private static partial Regex IsList();
}

/// <summary>The works, ready to be read.</summary>
internal sealed partial class Crossref(DigestContent content, bool isList) : IRecognisedDigest
{
    private const string Source = "crossref";

    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var elements = isList ? new JsonElements(content, "message", "items") : new JsonElements(content);
        var (count, broken) = (0, false);
        foreach (var item in elements.Read())
        {
            if (item.Problem is { } problem)
            {
                broken = true;
                yield return problem;
                continue;
            }

            count++;
            if (item.Value.Text("status") is { } status && status != "ok")
                yield return item.Report($"Crossref answered with an error: {Errors(item.Value)}");
            else if (item.Value.Text("message-type") is { } type && type != "work")
                yield return item.Report($"an answer of the type {type} holds no work");
            else if (
                Read(
                    item.Value.At("message") is { ValueKind: JsonValueKind.Object } work ? work : item.Value,
                    context
                ) is
                { } entry
            )
                yield return new ParsedEntry(entry);
            else
                yield return item.Report("no work: it has no title");
        }

        if (!broken && isList && Compare(elements, count) is { } place)
            yield return place;
    }

    // With a cursor no page says where in the list it stands.
    private static ReportedPlace? Compare(JsonElements elements, int count)
    {
        if (
            Members.Number(elements, "message.total-results") is not { } total
            || Members.Number(elements, "message.items-per-page") is not { } size
        )
            return null;
        if (elements.Members.ContainsKey("message.next-cursor"))
            return count <= Math.Min(total, size)
                ? null
                : Members.Place($"{total} works in all, {size} a page are declared; {count} were read");
        var start = Members.Number(elements, "message.query.start-index") ?? 0;
        var declared = Math.Clamp(total - start, 0, size);
        return declared == count
            ? null
            : Members.Place($"of {total} works the page should hold {declared} from {start} on; {count} were read");
    }

    private static string Errors(JsonElement answer) =>
        string.Join(
            "; ",
            answer.Items("message").Select(e => e.Text("message") ?? e.Text("type")).OfType<string>().Take(3)
        )
            is { Length: > 0 } all
            ? all
            : answer.Text("message-type") ?? "of no type";

    private static Entry? Read(JsonElement work, DigestContext context)
    {
        if (Plain(work.Texts("title").FirstOrDefault() ?? work.Text("title")) is not { Length: > 0 } title)
            return null;
        if (
            Plain(work.Texts("subtitle").FirstOrDefault()) is { Length: > 0 } subtitle
            && !title.Contains(subtitle, StringComparison.OrdinalIgnoreCase)
        )
            title += (title[^1] is ':' or '?' or '!' ? " " : ": ") + subtitle;
        var doi = work.Text("DOI");
        var identifiers = PaperIds.Of(doi);
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        Members.Keep(extra, "isReferencedByCount", Members.Number(work.Count("is-referenced-by-count")));
        Members.Keep(extra, "type", work.Text("type"));
        Members.Keep(extra, "publisher", work.Text("publisher"));
        return context.Entry(Source, title) with
        {
            Abstract = Abstract(work.Text("abstract")),
            Authors = [.. work.Items("author").Select(Name).OfType<string>()],
            Affiliations =
            [
                .. work.Items("author")
                    .SelectMany(a => a.Items("affiliation"))
                    .Select(a => a.Text("name"))
                    .OfType<string>(),
            ],
            Identifiers = identifiers,
            OwnId = identifiers is null ? doi : null,
            PublishedAt =
                Date(work.At("published"))
                ?? Date(work.At("published-online"))
                ?? Date(work.At("published-print"))
                ?? Date(work.At("posted"))
                ?? Date(work.At("issued")),
            Withdrawn = work.Items("updated-by").Any(u => u.Text("type") is "retraction" or "withdrawal" or "removal")
                ? true
                : null,
            Categories = work.Texts("subject"),
            JournalRef = work.Texts("container-title").FirstOrDefault() is { } journal
                ? Members.Journal(Plain(journal)!, work.Text("volume"), work.Text("issue"), work.Text("page"))
                : null,
            Licence = work.Items("license").Select(l => l.Text("URL")).FirstOrDefault(l => l is not null),
            Language = FeedPaper.Language(work.Text("language")),
            Links = Members.Links(work.Text("resource", "primary", "URL"), work.Text("URL")),
            Extra = extra,
        };
    }

    // Titles hold tags of JATS, HTML and MathML.
    private static string? Plain(string? text) => text is null ? null : FeedText.Guess(Html(text)).Plain;

    private static string? Name(JsonElement author) =>
        author.Text("family") is { } family
            ? string.Join(' ', new[] { author.Text("given"), family, author.Text("suffix") }.OfType<string>())
            : author.Text("name") ?? author.Text("given");

    // Its heading "Abstract" is none of its text.
    private static string? Abstract(string? jats) =>
        jats is null ? null
        : HtmlText.Of(Heading().Replace(Html(jats), "", 1)) is { Length: > 0 } text ? text
        : null;

    // JATS (jats.nlm.nih.gov) and MathML as HTML of the same meaning for a reader of text.
    private static string Html(string text) =>
        Tag()
            .Replace(
                text,
                tag =>
                    "<"
                    + tag.Groups["close"].Value
                    + (
                        tag.Groups["name"].Value.ToLowerInvariant() switch
                        {
                            "title" => "h4",
                            "p" => "p",
                            "sec" or "abstract" or "list" or "list-item" or "disp-formula" or "break" => "div",
                            "sub" => "sub",
                            "sup" => "sup",
                            _ => "span",
                        }
                    )
            );

    private static DateTimeOffset? Date(JsonElement date)
    {
        if (date.Items("date-parts").FirstOrDefault() is not { ValueKind: JsonValueKind.Array } parts)
            return null;
        var numbers = parts
            .EnumerateArray()
            .Select(p => p.ValueKind == JsonValueKind.Number && p.TryGetInt32(out var n) ? n : 0)
            .ToList();
        var (year, month, day) = (
            numbers.ElementAtOrDefault(0),
            numbers.ElementAtOrDefault(1),
            numbers.ElementAtOrDefault(2)
        );
        return year is < 1000 or > 9999
            ? null
            : DigestDates.Read(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{year:0000}-{Math.Clamp(month, 1, 12):00}-{Math.Max(1, day):00}"
                )
            ) ?? new DateTimeOffset(year, Math.Clamp(month, 1, 12), 1, 0, 0, 0, TimeSpan.Zero);
    }

    [GeneratedRegex(
        @"<(?<close>/?)(?:jats|mml):(?<name>[A-Za-z-]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"^\s*<(?<tag>h4|title)>\s*(?:abstract|summary)\s*:?\s*</\k<tag>>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Heading();
}
