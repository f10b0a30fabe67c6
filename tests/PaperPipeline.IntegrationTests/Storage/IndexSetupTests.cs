using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.Conformance;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>What is made at start, what is completed, and what is refused instead of being written to.</summary>
public sealed class IndexSetupTests : IAsyncLifetime
{
    private static readonly HttpClient Client = new();

    private readonly SearchServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SearchServer.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_reader_finds_nothing_and_makes_nothing()
    {
        Assert.Null(await OpenAsync(write: false));

        Assert.Empty((await AskAsync(HttpMethod.Get, "*/_alias", null)).AsObject());
    }

    [Fact]
    public async Task Four_programs_that_start_at_once_make_one_index_of_each_kind()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(write: true)));
        foreach (var store in stores)
            await store!.DisposeAsync();

        var aliases = (await AskAsync(HttpMethod.Get, "*/_alias", null)).AsObject();
        Assert.Equal(3, aliases.Count);
        Assert.Equal(4, aliases.Sum(index => index.Value!["aliases"]!.AsObject().Count));
    }

    [Fact]
    public async Task An_index_without_the_newest_fields_gets_them_and_keeps_its_papers()
    {
        await using (var store = await OpenAsync(write: true))
            await store!.WriteAsync([Observations.Of("d", 1, "A paper from before the upgrade")], Token);
        var before = await MappingAsync();
        await MakeOlderAsync(before);

        await using var upgraded = await OpenAsync(write: true);
        await upgraded!.WriteAsync([Observations.Of("d", 2, "A paper from after the upgrade")], Token);

        Assert.Equal(2, await upgraded.CountAsync(Token));
        Assert.True(JsonNode.DeepEquals(before, await MappingAsync()));
    }

    [Fact]
    public async Task An_index_of_a_newer_version_is_refused_for_reading_and_writing()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await AskAsync(
            HttpMethod.Put,
            "papers-write/_mapping",
            """{"_meta": {"application": "paperpipeline", "schema": 99, "hash": "x"}}"""
        );

        foreach (var write in (bool[])[true, false])
            await AssertRefusedAsync("written by a newer version of PaperPipeline", write);
    }

    [Theory]
    [InlineData("papers-write", "is not one alias for one index")]
    [InlineData("papers", "belongs to another application")]
    [InlineData("papers-ledger", "is not one alias for one index")]
    [InlineData("papers-dead-letters", "is not one alias for one index")]
    public async Task An_index_of_something_else_under_our_name_is_refused(string name, string reason)
    {
        await AskAsync(HttpMethod.Put, name, """{"mappings": {"properties": {"price": {"type": "double"}}}}""");

        await AssertRefusedAsync(reason);
        Assert.Single((await AskAsync(HttpMethod.Get, name + "/_mapping", null)).AsObject());
    }

    [Fact]
    public async Task An_alias_of_something_else_under_our_name_is_refused()
    {
        await AskAsync(HttpMethod.Put, "shop", """{"aliases": {"PREFIXpapers-write": {}}}""");

        await AssertRefusedAsync("belongs to another application");
    }

    [Fact]
    public async Task An_alias_that_leads_to_two_indices_is_refused()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await AskAsync(HttpMethod.Put, "shop", """{"aliases": {"PREFIXpapers-write": {}}}""");

        await AssertRefusedAsync("is not one alias for one index");
    }

    [Fact]
    public async Task A_template_of_something_else_under_our_name_is_refused()
    {
        using var content = Json("""{"index_patterns": ["PREFIXshop-*"]}""");
        var address = new Uri(SearchServer.Url!, $"_index_template/{_server.Prefix}papers");
        using var made = await Client.PutAsync(address, content, Token);
        made.EnsureSuccessStatusCode();

        await AssertRefusedAsync("belongs to another application");
    }

    [Theory]
    [InlineData("""{"version": {"number": "7.17.9"}}""", "Elasticsearch 7.17.9 at http")]
    [InlineData("""{"name": "something else"}""", "is neither Elasticsearch nor OpenSearch")]
    [InlineData("""[1, 2]""", "is neither Elasticsearch nor OpenSearch")]
    [InlineData("""{"version": "1.0"}""", "is neither Elasticsearch nor OpenSearch")]
    public async Task Another_product_is_refused(string greeting, string reason)
    {
        await using var other = await SourceServer.StartAsync(context => context.Response.WriteAsync(greeting));

        await using var front = await FaultyServer.StartAsync(new Uri(other.Address), _ => Fault.None);

        await AssertRefusedAsync(reason, server: front.Address);
    }

    [Fact]
    public async Task A_server_of_pages_is_no_index()
    {
        await using var other = await SourceServer.StartAsync(context =>
            context.Response.WriteAsync("<html>Welcome</html>")
        );
        await using var front = await FaultyServer.StartAsync(new Uri(other.Address), _ => Fault.None);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync(write: true, front.Address));
        Assert.Contains("is it Elasticsearch or OpenSearch?", failure.Message, StringComparison.Ordinal);
    }

    // As a build that knew no licences would have left it: the index anew, with what was in it.
    private async Task MakeOlderAsync(JsonNode current)
    {
        var older = current.DeepClone();
        older["properties"]!.AsObject().Remove("licence");
        older["_meta"]!["hash"] = "older";
        await AskAsync(HttpMethod.Post, "papers-v0001/_refresh", null);
        var papers = (await AskAsync(HttpMethod.Get, "papers-v0001/_search", null))["hits"]!["hits"]!.AsArray();
        await AskAsync(HttpMethod.Delete, "papers-v0001", null);
        await MakeTemplateOlderAsync(older);
        await AskAsync(
            HttpMethod.Put,
            "papers-v0001",
            """{"aliases": {"PREFIXpapers-write": {"is_write_index": true}, "PREFIXpapers": {"filter": {"term": {"kind": "paper"}}}}}"""
        );
        foreach (var paper in papers)
            await AskAsync(HttpMethod.Put, $"papers-v0001/_doc/{paper!["_id"]}", paper["_source"]!.ToJsonString());
    }

    private async Task MakeTemplateOlderAsync(JsonNode mappings)
    {
        var address = new Uri(SearchServer.Url!, $"_index_template/{_server.Prefix}papers");
        var template = JsonNode.Parse(await Client.GetStringAsync(address, Token))!["index_templates"]![0]![
            "index_template"
        ]!;
        template["template"]!["mappings"] = mappings.DeepClone();
        template["_meta"]!["hash"] = "older";
        template["template"]!["settings"] = Typed(template["template"]!["settings"]!);
        using var content = Json(template.ToJsonString());
        using var made = await Client.PutAsync(address, content, Token);
        made.EnsureSuccessStatusCode();
    }

    // A server gives all settings back as texts.
    private static JsonNode Typed(JsonNode settings) =>
        settings switch
        {
            JsonObject members => new JsonObject(
                members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)Typed(m.Value!)))
            ),
            JsonArray items => new JsonArray([.. items.Select(item => Typed(item!))]),
            _ when bool.TryParse(settings.ToString(), out var truth) => truth,
            _ when int.TryParse(settings.ToString(), CultureInfo.InvariantCulture, out var number) => number,
            _ => settings.DeepClone(),
        };

    private async Task<JsonNode> MappingAsync() =>
        (await AskAsync(HttpMethod.Get, "papers-v0001/_mapping", null)).AsObject().Single().Value![
            "mappings"
        ]!.DeepClone();

    private async Task AssertRefusedAsync(string reason, bool write = true, Uri? server = null)
    {
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => OpenAsync(write, server));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private Task<ElasticsearchStore?> OpenAsync(bool write, Uri? server = null) =>
        ElasticsearchStore.OpenAsync(
            new ElasticsearchOptions { Nodes = [server ?? SearchServer.Url!], Prefix = _server.Prefix },
            write,
            TimeProvider.System,
            Token
        );

    private async Task<JsonNode> AskAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(SearchServer.Url!, _server.Prefix + path));
        if (body is not null)
            request.Content = Json(body);
        using var answer = await Client.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private StringContent Json(string text) =>
        new(text.Replace("PREFIX", _server.Prefix, StringComparison.Ordinal), Encoding.UTF8, "application/json");
}
