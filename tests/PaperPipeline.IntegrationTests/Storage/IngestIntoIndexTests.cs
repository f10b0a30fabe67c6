using System.Text.Json.Nodes;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>The program with <c>--index</c> says the same as with a file of its own.</summary>
public sealed class IngestIntoIndexTests : IAsyncLifetime
{
    private readonly SearchServer _server = new();
    private readonly TestProgram _file = new();
    private readonly TestProgram _index = new();

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        _index.Variables["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _file.Dispose();
        _index.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_recorded_page_gives_the_same_documents() =>
        await AssertSameAsync(
            RecordedData.File("seed", "trending-papers-digest.txt"),
            "1 digest, 108 papers: 108 indexed, 0 dead letters"
        );

    [Fact]
    public async Task Real_papers_in_several_digests_give_the_same_documents() =>
        await AssertSameAsync(
            RecordedData.WritePages(Path.Combine(_file.Folder, "pages"), papers: 900, papersEach: 100),
            "9 digests, 900 papers: 900 indexed, 0 dead letters"
        );

    [Fact]
    public async Task Invented_papers_that_come_again_in_later_digests_give_the_same_documents() =>
        await AssertSameAsync(
            Digests.WriteMany(Path.Combine(_file.Folder, "pages"), digests: 8, papersEach: 40),
            "8 digests, 320 papers: 320 indexed, 0 dead letters"
        );

    [Fact]
    public async Task A_paper_that_the_index_refuses_is_a_dead_letter_until_it_is_given_back()
    {
        await using var front = await FaultyServer.StartAsync(SearchServer.Url!, _ => Fault.None);
        string[] index = ["--index", front.Address.ToString()];
        var digest = _index.Write("digest.txt", Digests.Page(4));
        Assert.Equal(0, (await _file.RunAsync("ingest", digest)).Code);
        var papers = (await _file.ExportAsync()).Lines;
        front.Refused = (string)JsonNode.Parse(papers[1])!["title"]!;

        var first = await _index.RunAsync(["ingest", digest, .. index]);
        var letters = await _index.RunAsync(["dead-letters", "list", "--json", .. index]);
        var found = await _index.RunAsync(["export", .. index]);
        front.Refused = null;
        var retried = await _index.RunAsync(["dead-letters", "retry", .. index]);

        Assert.Equal((3, "1 digest, 4 papers: 3 indexed, 1 dead letter"), (first.Code, first.LastLine));
        var letter = JsonNode.Parse(Assert.Single(letters.Lines))!;
        Assert.Equal("index", (string?)letter["stage"]);
        Assert.Contains("made up (document_parsing_exception)", (string?)letter["reason"], StringComparison.Ordinal);
        Assert.Equal(papers.Where((_, n) => n != 1).Select(Digests.Timeless), found.Lines.Select(Digests.Timeless));
        Assert.Equal(0, retried.Code);
        Assert.Equal(
            Digests.Timeless(string.Join('\n', papers)),
            Digests.Timeless(string.Join('\n', (await _index.RunAsync(["export", .. index])).Lines))
        );
    }

    private async Task AssertSameAsync(string path, string summary)
    {
        string[] index = ["--index", SearchServer.Url!.ToString()];

        var first = await _index.RunAsync(["ingest", path, .. index]);
        var again = await _index.RunAsync(["ingest", path, .. index]);
        var file = await _file.RunAsync("ingest", path);

        Assert.All(
            (ProgramRun[])[first, again, file],
            // A run that takes long reports its progress on standard error.
            run => Assert.Equal((0, summary), (run.Code, run.LastLine))
        );
        Assert.Equal(
            Digests.Timeless((await _file.ExportAsync()).Out),
            Digests.Timeless((await _index.RunAsync(["export", .. index])).Out)
        );
        Assert.Empty((await _index.RunAsync(["dead-letters", "list", "--json", .. index])).Lines);
        var states = (await _index.RunAsync(["status", "--json", .. index])).Lines;
        Assert.All(states, line => Assert.Contains("\"state\":\"complete\"", line, StringComparison.Ordinal));
    }
}
