using System.Text.Json.Nodes;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.IntegrationTests.Storage;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.IntegrationTests.Cli;

/// <summary>
/// <c>verify --repair</c> on a search server whose documents are as a killed indexer, or a lost write, leaves them.
/// </summary>
public sealed class RepairTests : IAsyncDisposable
{
    private const string Papers = """
        {"id":"2501.00001","title":"Reading dim images with borrowed light","summary":"Lanterns lend light to dim images.","categories":["cs.CV"]}
        {"id":"2501.00002","title":"Bridges and tides of the north and of the south","summary":"Tides move bridges.","categories":["cs.CV"]}
        """;

    private const string Lantern = "arxiv:2501.00001";

    private readonly SearchServer _server = new();
    private readonly TestProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_key_that_leads_nowhere_is_found_and_leads_to_its_paper_again()
    {
        var live = await IngestAsync();
        var key = await TitleKeyAsync();
        await _server.AskAsync(HttpMethod.Delete, Document(key), null);

        await RepairAsync("missing", $"{key} does not lead to {Lantern}", live);

        await using var store = await OpenAsync();
        Assert.Equal(Lantern, (await store.FindPaperAsync(key, Token))?.Id);
    }

    [Fact]
    public async Task An_entry_in_two_papers_is_found_and_is_in_one_again()
    {
        var live = await IngestAsync();
        var paper = await SourceAsync(Lantern);
        // As if it had been known by its title first, and its indexer killed before that paper let go of its entry.
        var key = await TitleKeyAsync();
        paper["id"] = key;
        paper["papers"] = new JsonArray(Lantern);
        await PutAsync(key, paper);

        await RepairAsync("doubled", "is in several papers", live);
    }

    [Fact]
    public async Task An_entry_that_its_digest_no_longer_has_is_found_and_goes()
    {
        var digest = (await IngestAsync(), (await GroupAsync()).Observations[0].Entry.Digest).Digest;
        await _server.AskAsync(HttpMethod.Delete, "*", null);
        await using (var store = await OpenAsync())
        {
            await store.WriteAsync(
                [Observations.Of(digest, 9, "A paper of an older reading of the digest", parserVersion: 0)],
                Token
            );
            await store.RecordAsync(
                new DigestParsed
                {
                    Digest = digest,
                    Entries = 9,
                    Reported = 0,
                    Shape = "test",
                    ParserVersion = 0,
                },
                Token
            );
        }
        var id = Keys.OfText("A paper of an older reading of the digest")!;
        var left = await SourceAsync(id);
        var live = await IngestAsync();
        await PutAsync(id, left);

        await RepairAsync("left over", "entry 9 that", live);
    }

    private async Task<ProgramRun> IngestAsync()
    {
        SearchServer.Require();
        _program.Variables["PAPERPIPELINE_INDEX"] = SearchServer.Url!.ToString();
        _program.Variables["PAPERPIPELINE_INDEX_PREFIX"] = _server.Prefix;
        Assert.Equal(0, (await _program.RunAsync("ingest", _program.Write("papers.jsonl", Papers))).Code);
        return await _program.ExportAsync();
    }

    private async Task RepairAsync(string kind, string what, ProgramRun live)
    {
        var found = await _program.RunAsync("verify");
        var mended = await _program.RunAsync("verify", "--repair");

        Assert.Equal(1, found.Code);
        Assert.Contains(
            found.Lines,
            line => line.StartsWith(kind, StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal)
        );
        Assert.True(mended.Code == 0, mended.Out + mended.Error);
        Assert.StartsWith("1 digest, 2 papers: 0 findings, ", mended.LastLine, StringComparison.Ordinal);
        Assert.Equal(live.Out, (await _program.ExportAsync()).Out);
    }

    private async Task<PaperGroup> GroupAsync()
    {
        await using var store = await OpenAsync();
        return Assert.Single(await store.FindPapersAsync(Lantern, Token));
    }

    private async Task<string> TitleKeyAsync() =>
        Assert.Single(Keys.Of((await GroupAsync()).Observations[0]), key => key.Kind == KeyKind.Title).Value;

    private async Task<IPaperStore> OpenAsync()
    {
        var settings = PipelineSettings.Read(name => _program.Settings.GetValueOrDefault("PAPERPIPELINE_" + name));
        return (await PaperStores.OpenAsync(settings, write: true, Token))!;
    }

    private async Task<JsonObject> SourceAsync(string id) =>
        (await _server.AskAsync(HttpMethod.Get, Document(id), null))!["_source"]!.DeepClone().AsObject();

    private async Task PutAsync(string id, JsonObject source) =>
        await _server.AskAsync(HttpMethod.Put, Document(id), source.ToJsonString());

    private static string Document(string id) => $"papers-write/_doc/{Uri.EscapeDataString(id)}?refresh=true";
}
