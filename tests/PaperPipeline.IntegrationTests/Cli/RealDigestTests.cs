using System.Text.Json;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary>The recorded trending page of 108 papers with its truth file.</summary>
public sealed class RealDigestTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task The_recorded_page_comes_out_as_its_truth_says_and_each_paper_is_found_first()
    {
        var digest = RecordedData.File("seed", "trending-papers-digest.txt");
        var truth = Read(await File.ReadAllTextAsync(RecordedData.File("seed", "seed.truth.jsonl"), Token));

        var ingest = await _program.RunAsync("ingest", digest);
        var papers = Read((await _program.RunAsync("export")).Out);

        Assert.Equal("1 digest, 108 papers: 108 indexed, 0 dead letters", ingest.LastLine);
        Assert.Equal(
            truth.Select(t => (Text(t, "title"), Text(t, "abstract"))).Order(),
            papers
                .Select(p => (Text(p.GetProperty("original"), "title"), Text(p.GetProperty("original"), "abstract")))
                .Order()
        );
        // A title, and a name where the paper has one, finds its own paper first.
        var asked = papers
            .Select(p => (Query: Text(p.GetProperty("original"), "title"), Id: Text(p, "id")))
            .Concat(
                papers
                    .Where(p => p.TryGetProperty("name", out _))
                    .Select(p => (Query: Text(p, "name"), Id: Text(p, "id")))
            )
            .ToList();
        var queries = Path.Combine(_program.Folder, "queries.txt");
        await File.WriteAllLinesAsync(queries, asked.Select(a => a.Query), Token);
        var answers = Read((await _program.RunAsync("search", "--queries", queries, "--limit", "1", "--json")).Out);
        Assert.Equal(asked.Select(a => a.Id), answers.Select(a => Text(a.GetProperty("hits")[0], "id")));
        foreach (var form in new[] { "Level-S2fM", "Level-S²fM", "Level-S$^2$fM", "ell_1", "ℓ₁", "l1" })
            Assert.Contains("1 paper", (await _program.RunAsync("search", form)).LastLine, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static List<JsonElement> Read(string lines) =>
        [
            .. lines
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
