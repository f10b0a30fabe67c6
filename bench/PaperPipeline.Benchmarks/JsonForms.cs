using System.Globalization;
using System.Text;
using System.Text.Json;
using static PaperPipeline.Benchmarks.DigestForm;

namespace PaperPipeline.Benchmarks;

/// <summary>JSON Feed, and answers of catalogues.</summary>
internal static class JsonForms
{
    /// <summary>JSON Feed 1.1.</summary>
    public static DigestForm JsonFeed { get; } =
        Json(
            _ =>
                """{"version":"https://jsonfeed.org/version/1.1","title":"A journal","home_page_url":"https://journal.example/","items":[""",
            "]}",
            (json, paper, id) =>
            {
                json.WriteString("id", $"https://journal.example/{id}");
                json.WriteString("external_url", $"https://doi.org/10.1234/{id}");
                json.WriteString("title", paper.Title);
                json.WriteString("content_html", $"<p>{Text(paper.Abstract)}</p>");
                json.WriteString("date_published", "2026-09-30T00:00:00Z");
                Names(json, "authors", "name");
            }
        );

    /// <summary>A batch of Semantic Scholar.</summary>
    public static DigestForm SemanticScholar { get; } =
        Json(
            _ => "[",
            "]",
            (json, paper, id) =>
            {
                json.WriteString("paperId", $"0000000000{id}");
                json.WriteStartObject("externalIds");
                json.WriteString("ArXiv", id);
                json.WriteEndObject();
                json.WriteString("title", paper.Title);
                json.WriteString("abstract", paper.Abstract);
                json.WriteString("publicationDate", "2026-09-01");
                json.WriteNumber("citationCount", 12);
                Names(json, "authors", "name");
            }
        );

    /// <summary>A page of works of OpenAlex.</summary>
    public static DigestForm OpenAlex { get; } =
        Json(
            count =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"meta":{"count":{{count}},"page":1,"per_page":{{count}}},"results":["""
                ),
            "]}",
            (json, paper, id) =>
            {
                json.WriteString("id", $"https://openalex.org/W1{id}");
                json.WriteString("doi", $"https://doi.org/10.1234/{id}");
                json.WriteString("title", paper.Title);
                json.WriteString("publication_date", "2026-09-01");
                json.WriteStartArray("authorships");
                foreach (var name in Authors)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("author");
                    json.WriteString("display_name", name);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteStartObject("abstract_inverted_index");
                var words = paper.Abstract.Split(' ').Select((word, place) => (word, place));
                foreach (var word in words.GroupBy(w => w.word, w => w.place, StringComparer.Ordinal))
                {
                    json.WriteStartArray(word.Key);
                    foreach (var place in word)
                        json.WriteNumberValue(place);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }
        );

    /// <summary>A list of works of Crossref.</summary>
    public static DigestForm Crossref { get; } =
        Json(
            count =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"status":"ok","message-type":"work-list","message":{"total-results":{{count}},"items-per-page":{{count}},"items":["""
                ),
            "]}}",
            (json, paper, id) =>
            {
                json.WriteString("DOI", $"10.1234/{id}");
                json.WriteStartArray("title");
                json.WriteStringValue(paper.Title);
                json.WriteEndArray();
                json.WriteString("abstract", $"<jats:p>{Text(paper.Abstract)}</jats:p>");
                Names(json, "author", "name");
            }
        );

    /// <summary>The daily papers as Hugging Face's API gives them.</summary>
    public static DigestForm HuggingfaceDaily { get; } = Json(_ => "[", "]", HuggingfacePaper);

    /// <summary>Papers of arXiv as JSON lines.</summary>
    public static DigestForm ArxivDaily { get; } =
        Json(
            _ => "",
            "",
            (json, paper, id) =>
            {
                json.WriteString("id", id);
                json.WriteString("title", paper.Title);
                json.WriteString("summary", paper.Abstract);
                json.WriteStartArray("authors");
                foreach (var name in Authors)
                    json.WriteStringValue(name);
                json.WriteEndArray();
                json.WriteStartArray("categories");
                json.WriteStringValue("cs.AI");
                json.WriteEndArray();
            }
        ) with
        {
            Between = "\n",
        };

    /// <summary>The page of the daily papers as it is saved: JSON in an attribute.</summary>
    public static DigestForm HuggingfacePage { get; } =
        new(
            _ =>
                """<!DOCTYPE html><html><head><title>Daily Papers - Hugging Face</title></head><body><div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:[""",
            (paper, id) => Text(HuggingfaceDaily.Each(paper, id)),
            "]}\"></div></body></html>",
            ","
        );

    private static void HuggingfacePaper(Utf8JsonWriter json, Paper paper, string id)
    {
        json.WriteStartObject("paper");
        json.WriteString("id", id);
        json.WriteString("title", paper.Title);
        json.WriteString("summary", paper.Abstract);
        json.WriteNumber("upvotes", 12);
        json.WriteString("publishedAt", "2026-09-30T00:00:00.000Z");
        Names(json, "authors", "name");
        json.WriteEndObject();
    }

    private static DigestForm Json(
        Func<int, string> before,
        string behind,
        Action<Utf8JsonWriter, Paper, string> write
    ) =>
        new(
            before,
            (paper, id) =>
            {
                using var buffer = new MemoryStream();
                using (var json = new Utf8JsonWriter(buffer))
                {
                    json.WriteStartObject();
                    write(json, paper, id);
                    json.WriteEndObject();
                }

                return Encoding.UTF8.GetString(buffer.ToArray());
            },
            behind,
            ",\n"
        );

    private static void Names(Utf8JsonWriter json, string list, string member)
    {
        json.WriteStartArray(list);
        foreach (var name in Authors)
        {
            json.WriteStartObject();
            json.WriteString(member, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
