using System.Text.Json.Nodes;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Storage;

public sealed class IndexSchemaTests
{
    [Theory]
    [InlineData(true, "rfc3339_lenient")]
    [InlineData(false, null)]
    public void Every_date_is_read_by_the_fastest_format_that_the_server_has(bool isOpenSearch, string? format)
    {
        var indices = IndexSchema.Indices(new IndexNames(""), isOpenSearch);

        foreach (var index in indices)
        {
            var dates = Members(JsonNode.Parse(index.Members)!).Where(m => (string?)m["type"] == "date").ToList();
            Assert.NotEmpty(dates);
            Assert.All(dates, date => Assert.Equal(format, (string?)date["format"]));
        }
    }

    [Fact]
    public void What_an_index_has_stays_as_it_is_where_it_is_completed()
    {
        var index = new IndexDefinition(
            "i",
            "i",
            """{"day": {"type": "date"}, "name": {"type": "keyword", "fields": {"text": {"type": "text"}}}, "at": {"properties": {"day": {"type": "date"}, "rank": {"type": "integer"}}}}"""
        );
        var found = """
            {"day": {"type": "date", "format": "x"}, "name": {"type": "keyword", "fields": {"old": {"type": "text"}}},
             "at": {"dynamic": "true", "properties": {"day": {"type": "keyword"}}}, "other": {"type": "text"}}
            """;

        var mappings = IndexSchema.Mappings(index, JsonNode.Parse(found)!.AsObject());

        var expected = """
            {"day": {"type": "date", "format": "x"}, "name": {"type": "keyword", "fields": {"text": {"type": "text"}}},
             "at": {"dynamic": "true", "properties": {"day": {"type": "keyword"}, "rank": {"type": "integer"}}}}
            """;
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), mappings["properties"]!.ToJsonString());
    }

    private static IEnumerable<JsonNode> Members(JsonNode members) =>
        members
            .AsObject()
            .SelectMany(member => Members(member.Value!["properties"] ?? new JsonObject()).Prepend(member.Value!));
}
