using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>What is made at start, what is completed, and what is refused instead of being written to.</summary>
public sealed class IndexSetupTests : IAsyncLifetime
{
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

        Assert.Empty((await _server.AskAsync(HttpMethod.Get, "*/_alias", null))!.AsObject());
    }

    [Fact]
    public async Task Four_programs_that_start_at_once_make_one_index_of_each_kind()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(write: true)));
        foreach (var store in stores)
            await store!.DisposeAsync();

        var aliases = (await _server.AskAsync(HttpMethod.Get, "*/_alias", null))!.AsObject();
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
    public async Task An_index_that_reads_dates_in_another_way_gets_the_newest_fields_all_the_same()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        var before = await MappingAsync();
        foreach (var date in (JsonObject[])[Date("firstSeenAt"), Date("sightings", "observedAt")])
            date["format"] = "date_optional_time";
        await MakeOlderAsync(before);

        await using var upgraded = await OpenAsync(write: true);
        await upgraded!.WriteAsync([Observations.Of("d", 1, "A paper from after the upgrade")], Token);

        Assert.Equal(1, await upgraded.CountAsync(Token));
        Assert.True(JsonNode.DeepEquals(before, await MappingAsync()));

        JsonObject Date(params string[] path) =>
            path.Aggregate(before, (node, name) => node["properties"]![name]!).AsObject();
    }

    [Theory]
    [InlineData(99, "written by a newer version of PaperPipeline (schema 99, known is 4): upgrade.")]
    [InlineData(0, "written by an older version of PaperPipeline (schema 0, needed is 4)")]
    public async Task An_index_of_another_version_is_refused_for_reading_and_writing(int schema, string reason)
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await _server.AskAsync(
            HttpMethod.Put,
            "papers-write/_mapping",
            $$$"""{"_meta": {"application": "paperpipeline", "schema": {{{schema}}}, "hash": "x"}}"""
        );

        foreach (var write in (bool[])[true, false])
            await AssertRefusedAsync(reason, write);
    }

    [Fact]
    public async Task What_a_newer_build_has_added_stays_as_it_is()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        var newer = await MappingAsync();
        newer["properties"]!["mood"] = new JsonObject { ["type"] = "keyword" };
        newer["_meta"]!["hash"] = "newer";
        await _server.AskAsync(HttpMethod.Put, "papers-v0004/_mapping", newer.ToJsonString());
        await ChangeTemplateAsync(newer, "newer");

        await using var store = await OpenAsync(write: true);
        await store!.WriteAsync([Observations.Of("d", 1, "A paper that an older build writes")], Token);

        Assert.Equal(1, await store.CountAsync(Token));
        Assert.Equal("newer", (string?)(await MappingAsync())["_meta"]!["hash"]);
        var template = await _server.AskAsync(HttpMethod.Get, "/_index_template/PREFIXpapers", null);
        Assert.Contains("\"mood\"", template!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("papers-ledger")]
    [InlineData("papers-dead-letters")]
    public async Task A_reader_says_which_index_is_missing(string name)
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await _server.AskAsync(HttpMethod.Delete, name + "-v0004", null);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync(write: false));

        Assert.Contains(name + " at ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alias_for_reading_that_is_taken_away_is_made_again()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await _server.AskAsync(
            HttpMethod.Post,
            "/_aliases",
            """{"actions": [{"remove": {"index": "PREFIXpapers-v0004", "alias": "PREFIXpapers"}}]}"""
        );

        await using var store = await OpenAsync(write: true);

        Assert.Equal(0, await store!.CountAsync(Token));
    }

    [Fact]
    public async Task An_index_of_something_else_under_the_name_of_a_version_is_left_alone()
    {
        await _server.AskAsync(
            HttpMethod.Put,
            "papers-v0004",
            """{"mappings": {"properties": {"price": {"type": "double"}}}}"""
        );

        await AssertRefusedAsync("belongs to another application");
        Assert.Empty(
            (await _server.AskAsync(HttpMethod.Get, "papers-v0004", null))!.AsObject().Single().Value![
                "aliases"
            ]!.AsObject()
        );
    }

    [Theory]
    [InlineData("papers-write", "belongs to another application")]
    [InlineData("papers", "belongs to another application")]
    [InlineData("papers-ledger", "is not one alias for one index")]
    [InlineData("papers-dead-letters", "is not one alias for one index")]
    public async Task An_index_of_something_else_under_our_name_is_refused(string name, string reason)
    {
        await _server.AskAsync(HttpMethod.Put, name, """{"mappings": {"properties": {"price": {"type": "double"}}}}""");

        await AssertRefusedAsync(reason);
        Assert.Single((await _server.AskAsync(HttpMethod.Get, name + "/_mapping", null))!.AsObject());
    }

    [Fact]
    public async Task An_alias_of_something_else_under_our_name_is_refused()
    {
        await _server.AskAsync(HttpMethod.Put, "shop", """{"aliases": {"PREFIXpapers-write": {}}}""");

        await AssertRefusedAsync("belongs to another application");
    }

    [Fact]
    public async Task An_alias_that_leads_to_two_indices_is_refused()
    {
        await (await OpenAsync(write: true))!.DisposeAsync();
        await _server.AskAsync(HttpMethod.Put, "shop", """{"aliases": {"PREFIXpapers-write": {}}}""");

        await AssertRefusedAsync("is not one alias for one index");
    }

    [Fact]
    public async Task A_template_of_something_else_under_our_name_is_refused()
    {
        await _server.AskAsync(
            HttpMethod.Put,
            "/_index_template/PREFIXpapers",
            """{"index_patterns": ["PREFIXshop-*"]}"""
        );

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
        await _server.AskAsync(HttpMethod.Post, "papers-v0004/_refresh", null);
        var papers = (await _server.AskAsync(HttpMethod.Get, "papers-v0004/_search", null))!["hits"]![
            "hits"
        ]!.AsArray();
        await _server.AskAsync(HttpMethod.Delete, "papers-v0004", null);
        await ChangeTemplateAsync(older, "older");
        await _server.AskAsync(
            HttpMethod.Put,
            "papers-v0004",
            """{"aliases": {"PREFIXpapers-write": {"is_write_index": true}, "PREFIXpapers": {"filter": {"term": {"kind": "paper"}}}}}"""
        );
        foreach (var paper in papers)
            await _server.AskAsync(
                HttpMethod.Put,
                $"papers-v0004/_doc/{paper!["_id"]}",
                paper["_source"]!.ToJsonString()
            );
    }

    private async Task ChangeTemplateAsync(JsonNode mappings, string hash)
    {
        const string path = "/_index_template/PREFIXpapers";
        var template = (await _server.AskAsync(HttpMethod.Get, path, null))!["index_templates"]![0]!["index_template"]!;
        template["template"]!["mappings"] = mappings.DeepClone();
        template["_meta"]!["hash"] = hash;
        template["template"]!["settings"] = Typed(template["template"]!["settings"]!);
        await _server.AskAsync(HttpMethod.Put, path, template.ToJsonString());
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
        (await _server.AskAsync(HttpMethod.Get, "papers-v0004/_mapping", null))!.AsObject().Single().Value![
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
}
