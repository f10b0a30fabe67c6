using System.Text.Json.Nodes;
using PaperPipeline.IntegrationTests.Storage;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>What the panels of the dashboards show, asked of a real server, and computed of what the program exports.</summary>
public sealed class PanelNumbersTests(SampleIndex sample) : IClassFixture<SampleIndex>
{
    private static readonly string[] Numbers = ["integer", "long", "double"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_panel_shows_the_numbers_that_follow_from_the_exports(bool openSearch)
    {
        SearchServer.Require();
        var panels = new SavedPanels(await sample.DashboardsAsync(openSearch)).Queries();
        var filled = 0;

        foreach (var panel in panels.Where(p => p.Groups.All(g => g.Kind != "significant")))
        {
            var shown = await AskAsync(panel);
            var expected = Expected(panel);
            AssertSame(panel, expected, shown);
            filled += shown.Any(row => row.Numbers.Any(n => n > 0)) ? 1 : 0;
        }

        Assert.True(panels.Count > 35, $"{panels.Count} panels");
        // All of them have something to show.
        Assert.Equal(panels.Count(p => p.Groups.All(g => g.Kind != "significant")), filled);
    }

    [Fact]
    public async Task Both_products_are_asked_the_same()
    {
        SearchServer.Require();
        var kibana = new SavedPanels(await sample.DashboardsAsync(openSearch: false)).Queries();
        var openSearch = new SavedPanels(await sample.DashboardsAsync(openSearch: true)).Queries();

        Assert.Equal(
            kibana.ToDictionary(p => p.Name, p => p.Body().ToJsonString()),
            openSearch.ToDictionary(p => p.Name, p => p.Body().ToJsonString())
        );
    }

    [Fact]
    public async Task What_is_on_the_rise_is_what_the_time_range_has_and_the_rest_has_not()
    {
        SearchServer.Require();
        var panels = new SavedPanels(await sample.DashboardsAsync(openSearch: false)).Queries();
        var rising = panels.Where(p => p.Groups.Any(g => g.Kind == "significant")).ToList();

        Assert.Equal(3, rising.Count);
        foreach (var panel in rising)
        {
            var shown = await AskAsync(panel);
            // The server counts only what at least three documents have.
            var expected = Expected(panel)
                .Where(row => row.Numbers[0] >= 3)
                .ToDictionary(r => r.Keys, r => r.Numbers[0]);

            Assert.NotEmpty(shown);
            Assert.All(shown, row => Assert.Equal(expected[row.Keys], row.Numbers[0]));
        }
        var categories = await AskAsync(rising.Single(p => p.Groups[0].Field == "categories"));
        Assert.Contains(categories, row => row.Keys == "cs.LN");
        Assert.DoesNotContain(categories, row => row.Keys == "cs.OLD");
    }

    [Fact]
    public async Task The_sample_gives_the_numbers_that_a_person_counts()
    {
        SearchServer.Require();
        var panels = new SavedPanels(await sample.DashboardsAsync(openSearch: false)).Queries();

        // arXiv 1 to 9, 21 to 24 and 31 to 33, and 41 and 42 of Hugging Face.
        Assert.Equal(18, await NumberAsync("PaperPipeline: Papers: New papers"));
        Assert.Equal(1, await NumberAsync("PaperPipeline: Sources and completeness: Partial"));
        Assert.Equal(2, await NumberAsync("PaperPipeline: Sources and completeness: Failed"));
        // The feeds, whatever their days: all were retrieved now.
        Assert.Equal(4, await NumberAsync("PaperPipeline: Sources and completeness: Complete"));
        // 7 and 4 and 4 and 3 of arXiv, 4 of Hugging Face and a place that is none.
        Assert.Equal(23, await NumberAsync("PaperPipeline: Sources and completeness: Entries expected"));
        Assert.Equal(22, await NumberAsync("PaperPipeline: Sources and completeness: Entries in the index"));
        Assert.Equal(
            ["arxiv | complete: 4, 18, 18, 0", "huggingface | partial: 1, 5, 4, 1"],
            (await AskAsync(Named("PaperPipeline: Sources and completeness: Sources and states")))
                .Select(row => row.ToString())
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, await NumberAsync("PaperPipeline: Pipeline: Open dead letters"));
        Assert.True(await NumberAsync("PaperPipeline: Pipeline: Most attempts") > 1);
        Assert.Equal(
            ["dismissed: 1", "given back: 1", "open: 2"],
            (await AskAsync(Named("PaperPipeline: Pipeline: Open, given back and dismissed")))
                .Select(row => row.ToString())
                .Order(StringComparer.Ordinal)
        );

        PanelQuery Named(string name) => panels.Single(p => p.Name == name);

        async Task<double?> NumberAsync(string name) =>
            Assert.Single(Assert.Single(await AskAsync(Named(name))).Numbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_field_is_in_the_index_and_fit_for_its_use(bool openSearch)
    {
        SearchServer.Require();
        var saved = new SavedPanels(await sample.DashboardsAsync(openSearch));
        var used = saved
            .Queries()
            .SelectMany(p => p.Fields.Select(f => (p.Index, f.Field, f.Use)))
            .Concat(saved.OtherFields())
            .Distinct()
            .ToList();
        var mappings = new Dictionary<string, JsonObject>(StringComparer.Ordinal);

        Assert.True(used.Count > 30, $"{used.Count} fields");
        foreach (var (index, field, use) in used)
        {
            if (!mappings.TryGetValue(index, out var mapping))
            {
                var answer = await sample.Server.AskAsync(HttpMethod.Get, $"/{index}/_mapping", null);
                mappings[index] = mapping = answer!.AsObject().Single().Value!["mappings"]!.AsObject();
            }
            var type = TypeOf(mapping, field);
            Assert.True(IsFit(type, use), $"{field} of {index} is {type ?? "missing"}, used as {use}");
        }
    }

    private static bool IsFit(string? type, string use) =>
        use switch
        {
            _ when type is null => false,
            "date" => type == "date",
            "number" => Numbers.Contains(type),
            "value" => type == "keyword" || Numbers.Contains(type),
            "query" => type is "keyword" or "boolean" or "text" or "date" || Numbers.Contains(type),
            _ => true,
        };

    private static string? TypeOf(JsonObject mapping, string field)
    {
        var (node, path) = ((JsonNode?)mapping, field.Split('.'));
        foreach (var part in path)
            node = node?["properties"]?[part] ?? node?["fields"]?[part];
        return node?["index"]?.GetValue<bool>() == false ? null : node?["type"]?.GetValue<string>();
    }

    private IReadOnlyList<PanelRow> Expected(PanelQuery panel)
    {
        var index = panel.Index[sample.Server.Prefix.Length..];
        return ExpectedRows.Of(panel, sample.Documents[index], TimeProvider.System.GetUtcNow());
    }

    private async Task<IReadOnlyList<PanelRow>> AskAsync(PanelQuery panel)
    {
        Assert.StartsWith(sample.Server.Prefix, panel.Index, StringComparison.Ordinal);
        var answer = await sample.Server.AskAsync(
            HttpMethod.Post,
            $"/{panel.Index}/_search",
            panel.Body().ToJsonString()
        );
        return panel.Rows(answer!.AsObject());
    }

    private static void AssertSame(PanelQuery panel, IReadOnlyList<PanelRow> expected, IReadOnlyList<PanelRow> shown)
    {
        var byKeys = expected.ToDictionary(r => r.Keys, StringComparer.Ordinal);
        foreach (var row in shown)
        {
            Assert.True(byKeys.TryGetValue(row.Keys, out var same), $"{panel.Name} shows {row}");
            for (var n = 0; n < row.Numbers.Count; n++)
                AssertSame(panel, n, same!, row);
        }
        // A panel that shows so many at most shows those with the most.
        if (expected.Count > shown.Count)
        {
            var size = Assert.Single(panel.Groups, g => g.Kind == "terms" && g.Size > 1).Size;
            Assert.Equal(size, shown.Count);
            var least = shown.Min(r => r.Numbers[0]);
            var left = expected.Where(r => shown.All(s => s.Keys != r.Keys));
            Assert.All(left, r => Assert.True(r.Numbers[0] <= least, $"{panel.Name} leaves out {r}"));
        }
    }

    private static void AssertSame(PanelQuery panel, int n, PanelRow expected, PanelRow shown)
    {
        var (one, other) = (expected.Numbers[n], shown.Numbers[n]);
        // The server estimates percentiles; of few values it is between the two nearest.
        var tolerance = panel.Numbers[n].Kind == "percentiles" ? Math.Abs(one ?? 0) : 1e-6 * Math.Abs(one ?? 0) + 1e-6;
        Assert.True(
            one is null == other is null && Math.Abs((one ?? 0) - (other ?? 0)) <= tolerance,
            $"{panel.Name} shows {shown}; it is {expected}"
        );
    }
}
