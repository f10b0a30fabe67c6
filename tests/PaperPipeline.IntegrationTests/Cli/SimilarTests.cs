using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary><c>papers similar</c> as a person runs it.</summary>
public sealed class SimilarTests : IDisposable
{
    private const string Papers = """
        {"id":"2501.00001","title":"Reading dim images with borrowed light","summary":"Lanterns lend light to dim images.","categories":["cs.CV"],"authors":["Ada Lovelace"]}
        {"id":"2501.00002","title":"LanternNet: reading dim images with borrowed light","summary":"A net of lanterns is learnt.","categories":["cs.CV"],"authors":["Ada Lovelace"]}
        {"id":"2501.00003","title":"Bridges and tides of the north","summary":"Tides move bridges.","categories":["cs.CV"],"authors":["Emmy Noether"]}
        """;

    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Similar_papers_are_told_with_a_score_and_stay_apart()
    {
        Assert.Equal(0, (await _program.RunAsync("ingest", _program.Write("papers.jsonl", Papers))).Code);

        var text = await _program.RunAsync("papers", "similar", "2501.00001");
        var json = await _program.RunAsync("papers", "similar", "arxiv:2501.00001", "--limit", "1", "--json");

        Assert.Equal((0, "1 paper similar to Reading dim images with borrowed light"), (text.Code, text.LastLine));
        Assert.EndsWith("(arxiv:2501.00002)", text.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "{\"id\":\"arxiv:2501.00002\",\"title\":\"LanternNet: reading dim images with borrowed light\",\"score\":",
            Assert.Single(json.Lines),
            StringComparison.Ordinal
        );
        Assert.Equal(3, (await _program.ExportAsync()).Lines.Count);
    }

    [Fact]
    public async Task A_paper_that_is_not_there_is_wrong_usage()
    {
        Assert.Equal(0, (await _program.RunAsync("ingest", _program.Write("papers.jsonl", Papers))).Code);

        Assert.Equal(2, (await _program.RunAsync("papers", "similar", "2501.99999")).Code);
        Assert.Equal(2, (await _program.RunAsync("papers", "similar", "2501.00001", "--limit", "0")).Code);
    }
}
