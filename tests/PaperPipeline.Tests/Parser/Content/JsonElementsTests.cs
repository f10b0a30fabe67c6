using System.Text;
using PaperPipeline.Parser.Content;

namespace PaperPipeline.Tests.Parser.Content;

public sealed class JsonElementsTests
{
    private static (string Position, string Value)[] Read(string json, params string[] path) =>
        [
            .. new JsonElements(Contents.Of(json), path)
                .Read()
                .Select(i => (i.Position, i.Problem?.Reason ?? i.Value.GetRawText())),
        ];

    [Fact]
    public void Elements_come_from_an_array_at_the_top_from_an_inner_one_and_from_lines()
    {
        (string, string)[] expected = [("element 1", """{"a":1}"""), ("element 2", """{"a":[2]}""")];

        Assert.Equal(expected, Read("""[{"a":1},{"a":[2]}]"""));
        Assert.Equal(
            expected,
            Read("""{"x":[{"y":0}],"m":{"n":{"z":1},"items":[{"a":1}, {"a":[2]}]},"a":2}""", "m", "items")
        );
        Assert.Equal([("line 1", """{"a":1}"""), ("line 3", """{"a":[2]}""")], Read("{\"a\":1}\r\n\n{\"a\":[2]}\n"));
        Assert.Equal([("element 1", """{"a":1}""")], Read("""{"a":1}"""));
        Assert.Empty(Read("[]"));
    }

    [Fact]
    public void What_stands_beside_the_array_is_known_by_its_path()
    {
        var elements = new JsonElements(
            Contents.Of("""{"meta":{"count":7,"next":"x"},"results":[{"id":1}],"done":true}"""),
            "results"
        );

        Assert.Single(elements.Read());
        Assert.Equal("7", elements.Members["meta.count"]);
        Assert.Equal("x", elements.Members["meta.next"]);
        Assert.Equal("true", elements.Members["done"]);
    }

    [Fact]
    public void A_missing_array_is_reported() =>
        Assert.Equal([("the whole", "there is no list 'results' in it")], Read("""{"data":[]}""", "results"));

    [Fact]
    public void A_line_that_is_no_JSON_is_reported_and_the_next_one_read()
    {
        var read = Read("{\"a\":1}\n{\"a\":\n{\"a\":3}\n");

        Assert.Equal(["line 1", "line 2", "line 3"], read.Select(r => r.Position));
        Assert.StartsWith("no JSON: ", read[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_at_any_byte_what_is_whole_is_read_and_the_rest_is_one_place()
    {
        const string json = """{"meta":{"count":2},"results":[{"id":1,"t":"ä"},{"id":2}]}""";
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var length = 1; length < bytes.Length; length++)
        {
            var items = new JsonElements(Contents.Of(bytes[..length]), "results")
                .Read()
                .Select(i => i.Problem)
                .ToList();
            Assert.NotNull(items[^1]);
            Assert.All(items.SkipLast(1), Assert.Null);
        }
    }

    [Fact]
    public void Large_arrays_pass_in_order_and_an_element_that_is_too_large_ends_them()
    {
        var text = new string('x', 1000);
        var json =
            "[" + string.Join(",", Enumerable.Range(1, 3000).Select(n => $$"""{"n":{{n}},"t":"{{text}}"}""")) + "]";

        Assert.Equal(
            Enumerable.Range(1, 3000),
            new JsonElements(Contents.Of(json)).Read().Select(i => i.Value.GetProperty("n").GetInt32())
        );
        var large = Read($$"""[{"n":1},{"t":"{{new string('y', JsonElements.LargestElement * 3)}}"},{"n":3}]""");
        Assert.Equal(["element 1", "element 2"], large.Select(l => l.Position));
        Assert.Contains("larger than 4 MiB", large[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_too_large_is_skipped()
    {
        var read = Read($"{{\"n\":1}}\n{{\"t\":\"{new string('y', JsonElements.LargestElement * 3)}\"}}\n{{\"n\":3}}");

        Assert.Equal(["line 1", "line 2", "line 3"], read.Select(r => r.Position));
        Assert.Equal("longer than 4 MiB: skipped", read[1].Value);
    }

    [Fact]
    public void Nesting_without_end_is_reported()
    {
        var read = Read("[" + new string('[', 100_000));

        Assert.Contains("depth", Assert.Single(read).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_outline_has_the_paths_of_members()
    {
        var outline = Contents.Of("""[{"paper":{"id":"x","authors":[{"name":"y"}]}}]""").Json;

        Assert.True(outline.IsList);
        Assert.True(outline.Has("[].paper.id", "[].paper.authors[].name"));
        Assert.False(outline.Has("[].paper.name"));
        Assert.True(Contents.Of("{\"id\":1}\n{\"id\":2}").Json.Has("[].id"));
        Assert.True(Contents.Of("[ ]").Json.IsEmptyList);
        Assert.True(Contents.Of("""{"id":1,"x":{"y":[{"z":2}],"w":""").Json.Has("id", "x.y[].z", "x.w"));
    }

    [Theory]
    [InlineData("\\ud83d\\ude00", "\uD83D\uDE00")]
    [InlineData("a\\ud83db", "a\uFFFDb")]
    [InlineData("\\ude00", "\uFFFD")]
    [InlineData("\\ud83d\\ud83d\\ude00", "\uFFFD\uD83D\uDE00")]
    [InlineData("\\\\ud83d", "\\ud83d")]
    [InlineData("\\\\\\ud83d", "\\\uFFFD")]
    public void Half_of_a_surrogate_pair_is_replaced(string escaped, string text)
    {
        var read = new JsonElements(Contents.Of($$"""[{"t":"{{escaped}}","{{escaped}}":1}]"""))
            .Read()
            .Select(i => (i.Value.Text("t"), i.Value.Count(text)));

        Assert.Equal([(text, 1)], read);
    }
}
