using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PaperPipeline.Parser;

namespace PaperPipeline.Tests.Parser;

public sealed partial class RecordedCatalogueTests
{
    [Fact]
    public void What_Semantic_Scholar_answered_gives_its_papers_in_order_and_reports_the_others()
    {
        var (answers, papers, places) = (0, 0, 0);
        foreach (var (name, body) in Answers())
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out _))
            {
                Assert.Throws<UnreadableDigestException>(() => Pages.Parse(body));
                continue;
            }

            var listed = Papers(json.RootElement);
            if (
                body.Contains("\"authorId\"", StringComparison.Ordinal)
                && !listed.Exists(p => Has(p, "paperId") || Has(p, "corpusId"))
            )
                continue;
            answers++;
            var digest = Pages.Parse(body);
            var entries = digest.Entries();
            var titles = listed
                .Where(p => Has(p, "title"))
                .Select(p => Recorded.Fold(p.GetProperty("title").GetString()!))
                .ToList();
            Assert.Equal("semanticscholar-json", digest.Shape);
            Assert.Equal(titles, entries.Select(e => e.Title));
            Assert.Equal(listed.Count - titles.Count, digest.Places().Length);
            foreach (var (paper, entry) in listed.Where(p => Has(p, "title")).Zip(entries))
            {
                if (Has(paper, "abstract"))
                    Assert.Equal(Recorded.Fold(paper.GetProperty("abstract").GetString()!), entry.Abstract);
                if (Has(paper, "authors"))
                    Assert.Equal(paper.GetProperty("authors").GetArrayLength(), entry.Authors?.Count ?? 0);
            }

            (papers, places) = (papers + entries.Length, places + digest.Places().Length);
            Assert.NotEmpty(name);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Semantic Scholar: {answers} answers, {papers} papers with their titles, {places} without"
            )
        );
        Assert.True(papers > 0);
    }

    [Theory]
    [InlineData("samples/semanticscholar/paper_batch.json", "semanticscholar-json", "2410.24164|2609.28766")]
    [InlineData(
        "samples/semanticscholar/paper_full_fields.trimmed.json",
        "semanticscholar-json",
        "10.1093/mind/lix.236.433"
    )]
    [InlineData("samples/openalex/works_list_page.json", "openalex-json", "2609.28766")]
    [InlineData("samples/crossref/works_by_doi.trimmed.json", "crossref-json", "10.1371/journal.pone.0033693")]
    [InlineData("samples/crossref/works_list_cursor.trimmed.json", "crossref-json", "10.1007/978-1-4302-0197-7_9")]
    public void Answers_of_catalogues_give_their_papers_with_identifiers_and_authors(
        string file,
        string shape,
        string ids
    )
    {
        var digest = Pages.Parse(Recorded.Bytes(Recorded.Path(file.Split('/'))));
        var entries = digest.Entries();

        Assert.Equal(shape, digest.Shape);
        Assert.Empty(digest.Places());
        Assert.Equal(
            ids.Split('|'),
            entries.Take(ids.Split('|').Length).Select(e => e.Identifiers!.Arxiv ?? e.Identifiers.Doi)
        );
        // The chapter of the list states no date but that of its registration.
        Assert.All(
            entries,
            e => Assert.Equal(!file.Contains("cursor", StringComparison.Ordinal), e.PublishedAt is not null)
        );
    }

    private static IEnumerable<(string Name, string Body)> Answers()
    {
        foreach (
            var file in Directory.EnumerateFiles(Recorded.Path("data", "semanticscholar")).Order(StringComparer.Ordinal)
        )
        {
            if (file.EndsWith("Paper.json", StringComparison.Ordinal))
                yield return (file, Encoding.UTF8.GetString(Recorded.Bytes(file)));
            if (!file.EndsWith(".yaml", StringComparison.Ordinal))
                continue;
            foreach (Match body in Body().Matches(Encoding.UTF8.GetString(Recorded.Bytes(file))))
                if (
                    (
                        body.Groups["plain"].Success
                            ? Unquote(body.Groups["plain"].Value)
                            : Unescape(body.Groups["escaped"].Value)
                    ).Trim()
                    is ['{' or '[', ..] json
                )
                    yield return (file, json);
        }
    }

    // YAML's two kinds of quotes, over several lines.
    private static string Unquote(string text) =>
        Break().Replace(text, m => m.Groups["blank"].Success ? "\n" : " ").Replace("''", "'", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        text = Regex.Replace(text, @"\\\r?\n\s*", "");
        text = Break().Replace(text, m => m.Groups["blank"].Success ? "\n" : " ");
        text = Regex.Replace(text, @"\\x([0-9A-Fa-f]{2})", @"\u00$1").Replace(@"\ ", " ", StringComparison.Ordinal);
        // U+1F600 and others are one escape in YAML and two in JSON.
        text = Regex.Replace(
            text,
            @"\\U([0-9A-Fa-f]{8})",
            m =>
                char.ConvertFromUtf32(
                    int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                )
        );
        return JsonSerializer.Deserialize<string>($"\"{text.Replace("\n", @"\n", StringComparison.Ordinal)}\"")!;
    }

    private static List<JsonElement> Papers(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            return [.. answer.EnumerateArray()];
        foreach (var list in (string[])["data", "recommendedPapers"])
            if (answer.TryGetProperty(list, out var papers))
                return
                [
                    .. papers
                        .EnumerateArray()
                        .Select(p =>
                            p.TryGetProperty("citingPaper", out var inner)
                            || p.TryGetProperty("citedPaper", out inner)
                            || p.TryGetProperty("paper", out inner)
                                ? inner
                                : p
                        ),
                ];
        return answer.TryGetProperty("total", out _) ? [] : [answer];
    }

    private static bool Has(JsonElement paper, string name) =>
        paper.ValueKind == JsonValueKind.Object
        && paper.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        && (value.ValueKind != JsonValueKind.String || !string.IsNullOrWhiteSpace(value.GetString()));

    [GeneratedRegex(
        @"^\s+(?:string|content): (?:'(?<plain>(?:[^']|'')*)'|""(?<escaped>(?:[^""\\]|\\.|\\\n)*)"")",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Body();

    [GeneratedRegex(@"[ \t]*\r?\n(?<blank>[ \t]*\r?\n)?[ \t]*")]
    private static partial Regex Break();
}
