using System.Globalization;
using System.Text.Json;
using PaperPipeline.Contracts;
using PaperPipeline.Parser.Content;
using PaperPipeline.Storage.Text;

namespace PaperPipeline.Parser.Catalogues;

/// <summary>
/// Answers of the Semantic Scholar API (api.semanticscholar.org/api-docs/graph): one paper, a batch, a search, an author's
/// papers, citations and references, recommendations, snippets.
/// </summary>
internal sealed class SemanticScholarShape : IDigestShape
{
    public string Name => "semanticscholar-json";

    public ContentKind Kinds => ContentKind.Json | ContentKind.JsonLines;

    public Recognition Recognise(DigestContent content)
    {
        var json = content.Json;
        if (json.Has("[].paperId"))
            return Recognition.Of(new SemanticScholar(content), "elements that have paperId");
        foreach (
            var (list, around) in (ReadOnlySpan<(string, string)>)
                [("data", ""), ("recommendedPapers", ""), ("data", "citingPaper"), ("data", "citedPaper")]
        )
        {
            var path = around.Length == 0 ? $"{list}[].paperId" : $"{list}[].{around}.paperId";
            if (json.Has(path))
                return Recognition.Of(new SemanticScholar(content, list, around), path);
        }

        if (json.Has("data[].paper.corpusId"))
            return Recognition.Of(new SemanticScholar(content, "data", "paper"), "data[].paper.corpusId");
        if (json.Has("paperId"))
            return Recognition.Of(new SemanticScholar(content), "one paper that has paperId");
        // A search that found nothing has no list.
        return json.Has("total", "offset")
            ? Recognition.Of(new SemanticScholar(content, "data"), "total and offset of a search")
            : Recognition.None("papers that have paperId");
    }
}

/// <summary>The answer, ready to be read.</summary>
/// <param name="content">The digest.</param>
/// <param name="list">The member with the papers; empty where they are at the top.</param>
/// <param name="around">The member of each element that is the paper; empty where it is the element itself.</param>
internal sealed class SemanticScholar(DigestContent content, string list = "", string around = "") : IRecognisedDigest
{
    private const string Source = "semanticscholar";

    public DateOnly? Day(DateOnly retrieved) => null;

    public IEnumerable<ParsedItem> Read(DigestContext context)
    {
        var elements = list.Length == 0 ? new JsonElements(content) : new JsonElements(content, list);
        var (count, broken) = (0, false);
        foreach (var item in elements.Read())
        {
            if (item.Problem is { } problem)
            {
                broken = true;
                // A search that found nothing has no list.
                if (count > 0 || Members.Number(elements, "total") != 0)
                    yield return problem;
                continue;
            }

            count++;
            var paper = around.Length == 0 ? item.Value : item.Value.At(around);
            if (item.Value.ValueKind == JsonValueKind.Null)
                yield return item.Report("Semantic Scholar knows no paper with the id that was asked for here");
            else if (Read(paper, context) is { } entry)
                yield return new ParsedEntry(entry);
            else
                yield return item.Report("no paper: it has no title");
        }

        // The total is an approximate number, by the documentation; where the next page begins is not.
        if (
            !broken
            && Members.Number(elements, "next") is { } next
            && next - (Members.Number(elements, "offset") ?? 0) is var declared
            && declared != count
        )
            yield return Members.Place($"the next page begins {declared} papers further on; {count} are on this one");
        else if (!broken && count == 0 && Members.Number(elements, "total") > (Members.Number(elements, "offset") ?? 0))
            yield return Members.Place($"{elements.Members["total"]} papers were found; none is on this page");
    }

    private static Entry? Read(JsonElement paper, DigestContext context)
    {
        if (paper.Text("title") is not { } title)
            return null;
        var arxiv = paper.Text("externalIds", "ArXiv");
        var identifiers = PaperIds.Of(arxiv, paper.Text("externalIds", "DOI"));
        var corpus = paper.At("corpusId") is { ValueKind: JsonValueKind.Number } number
            ? number.GetRawText()
            : paper.Text("corpusId");
        var extra = new Dictionary<string, string>(StringComparer.Ordinal);
        Members.Keep(extra, "tldr", paper.Text("tldr", "text"));
        Members.Keep(extra, "citationCount", Members.Number(paper.Count("citationCount")));
        Members.Keep(extra, "influentialCitationCount", Members.Number(paper.Count("influentialCitationCount")));
        return context.Entry(Source, title) with
        {
            Abstract = paper.Text("abstract"),
            Authors = [.. paper.Items("authors").Select(a => a.Text("name") ?? a.Text()).OfType<string>()],
            Affiliations = [.. paper.Items("authors").SelectMany(a => a.Texts("affiliations"))],
            Identifiers = identifiers,
            OwnId = identifiers is null ? paper.Text("paperId") ?? corpus : null,
            PublishedAt =
                DigestDates.Read(paper.Text("publicationDate"))
                ?? DigestDates.Read(paper.Count("year")?.ToString(CultureInfo.InvariantCulture)),
            Categories = Fields(paper),
            JournalRef = Journal(paper),
            Licence = paper.Text("openAccessPdf", "license") ?? paper.Text("openAccessInfo", "license"),
            Links = Members.Links(paper.Text("url"), paper.Text("openAccessPdf", "url")),
            Extra = extra,
        };
    }

    private static List<string> Fields(JsonElement paper) =>
        paper.Texts("fieldsOfStudy") is { Count: > 0 } fields
            ? fields
            : [.. paper.Items("s2FieldsOfStudy").Select(f => f.Text("category")).OfType<string>()];

    // Where arXiv is the venue, it was published nowhere.
    private static string? Journal(JsonElement paper)
    {
        var name = paper.Text("journal", "name") ?? paper.Text("publicationVenue", "name") ?? paper.Text("venue");
        return name is null || name.StartsWith("arXiv", StringComparison.OrdinalIgnoreCase) || name == "ArXiv"
            ? null
            : Members.Journal(name, paper.Text("journal", "volume"), null, paper.Text("journal", "pages"));
    }
}
