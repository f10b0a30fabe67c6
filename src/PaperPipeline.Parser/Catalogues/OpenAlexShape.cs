using System.Globalization;
using System.Text;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Catalogues;

/// <summary>Works of OpenAlex (docs.openalex.org/api-entities/works): a list, or one work; also as lines, as its snapshot has them.</summary>
internal sealed class OpenAlexShape : IDigestShape
{
    private static readonly string[] Marks =
    [
        "authorships",
        "primary_location",
        "open_access",
        "cited_by_count",
        "abstract_inverted_index",
    ];

    public string Name => "openalex-json";

    public ContentKind Kinds => ContentKind.Json | ContentKind.JsonLines;

    public Recognition Recognise(DigestContent content)
    {
        var json = content.Json;
        foreach (
            var (prefix, path) in (ReadOnlySpan<(string, string[])>)[("results[].", ["results"]), ("[].", []), ("", [])]
        )
        {
            if (!json.Has(prefix + "id") || !(json.Has(prefix + "title") || json.Has(prefix + "display_name")))
                continue;
            foreach (var mark in Marks)
                if (json.Has(prefix + mark))
                    return Recognition.Of(new OpenAlex(content, path), $"works that have id, title and {mark}");
        }

        return json.Has("meta.count", "meta.per_page")
            ? Recognition.Of(new OpenAlex(content, ["results"]), "meta.count and meta.per_page of a list")
            : Recognition.None("works that have id, title and authorships");
    }
}

/// <summary>The works, ready to be read.</summary>
internal sealed class OpenAlex(DigestContent content, string[] path) : IRecognisedDigest
{
    private const string Source = "openalex";

    // No abstract is as long; what claims to be is not read to its end.
    private const int MostWords = 50_000;

    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var elements = new JsonElements(content, path);
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
            yield return Read(item.Value, context) is { } entry
                ? new ParsedEntry(entry)
                : item.Report("no work: it has no title");
        }

        if (!broken && path.Length > 0 && Compare(elements, count) is { } place)
            yield return place;
    }

    // A page with a number says where it stands in the list; one with a cursor does not.
    private static ReportedPlace? Compare(JsonElements elements, int count)
    {
        if (
            Members.Number(elements, "meta.count") is not { } total
            || Members.Number(elements, "meta.per_page") is not { } size
        )
            return null;
        if (Members.Number(elements, "meta.page") is { } page)
        {
            var declared = Math.Clamp(total - ((page - 1) * size), 0, size);
            return declared == count
                ? null
                : Members.Place($"page {page} of {total} works should hold {declared}; {count} were read");
        }

        return count <= Math.Min(total, size)
            ? null
            : Members.Place($"{total} works in all, {size} a page are declared; {count} were read");
    }

    private static Entry? Read(JsonElement work, DigestContext context)
    {
        if ((work.Text("title") ?? work.Text("display_name")) is not { } title)
            return null;
        var places = work.Items("locations").Prepend(work.At("primary_location")).ToList();
        var identifiers = PaperIds.Of([
            work.Text("doi"),
            work.Text("ids", "doi"),
            .. places.Select(place => place.Text("landing_page_url")),
        ]);
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        Members.Keep(extra, "citedByCount", Members.Number(work.Count("cited_by_count")));
        Members.Keep(extra, "type", work.Text("type"));
        return context.Entry(Source, Feeds.FeedText.Guess(title).Plain) with
        {
            Abstract = Abstract(work.At("abstract_inverted_index")),
            Authors = [.. work.Items("authorships").Select(Name).OfType<string>()],
            Affiliations = [.. work.Items("authorships").SelectMany(Institutions)],
            Identifiers = identifiers,
            OwnId = identifiers is null ? work.Text("id") : null,
            PublishedAt =
                DigestDates.Read(work.Text("publication_date"))
                ?? DigestDates.Read(work.Count("publication_year")?.ToString(CultureInfo.InvariantCulture)),
            Withdrawn = work.At("is_retracted").ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            },
            Categories =
            [
                .. work.Items("topics")
                    .Prepend(work.At("primary_topic"))
                    .Select(topic => topic.Text("display_name"))
                    .OfType<string>(),
            ],
            JournalRef = Journal(work),
            Licence = work.Text("primary_location", "license") ?? work.Text("best_oa_location", "license"),
            Language = Feeds.FeedPaper.Language(work.Text("language")),
            Links = Members.Links(
                work.Text("primary_location", "landing_page_url"),
                work.Text("best_oa_location", "pdf_url"),
                work.Text("primary_location", "pdf_url")
            ),
            Extra = extra,
        };
    }

    private static string? Name(JsonElement authorship) =>
        authorship.Text("author", "display_name")
        ?? (authorship.Text("raw_author_name") is { } raw ? AuthorList.Turn(raw) : null);

    private static IEnumerable<string> Institutions(JsonElement authorship)
    {
        var named = authorship.Items("institutions").Select(i => i.Text("display_name")).OfType<string>().ToList();
        return named.Count > 0 ? named : authorship.Texts("raw_affiliation_strings");
    }

    // Published where a preprint server is the place, it was published nowhere else.
    private static string? Journal(JsonElement work) =>
        work.Text("primary_location", "source", "display_name") is { } name
        && work.Text("primary_location", "source", "type") != "repository"
            ? Members.Journal(
                name,
                work.Text("biblio", "volume"),
                work.Text("biblio", "issue"),
                Pages(work.Text("biblio", "first_page"), work.Text("biblio", "last_page"))
            )
            : null;

    private static string? Pages(string? first, string? last) =>
        first is null || last is null || first == last ? first : $"{first}-{last}";

    /// <summary>The text of an index from words to the places where they stand.</summary>
    private static string? Abstract(JsonElement index)
    {
        if (index.ValueKind != JsonValueKind.Object)
            return null;
        var words = new List<(int Place, string Word)>();
        foreach (var word in index.EnumerateObject())
        {
            if (word.Value.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var place in word.Value.EnumerateArray())
                if (place.ValueKind == JsonValueKind.Number && place.TryGetInt32(out var at) && words.Count < MostWords)
                    words.Add((at, word.Name));
        }

        var text = new StringBuilder();
        foreach (var (_, word) in words.OrderBy(w => w.Place))
            text.Append(text.Length > 0 ? " " : "").Append(word);
        return text.Length > 0 ? text.ToString() : null;
    }
}
