using System.Text.Json.Nodes;
using PaperPipeline.Cli.Dashboards;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Tests.Dashboards;

/// <summary>The saved objects that the definitions in <c>dashboards/</c> make, for both products.</summary>
public sealed class SavedObjectsTests
{
    // Ids are addresses that people keep: none of these may ever change.
    private static readonly string[] Kept =
    [
        "dashboard paperpipeline-completeness",
        "dashboard paperpipeline-papers",
        "dashboard paperpipeline-pipeline",
        "dashboard paperpipeline-trends",
        "index-pattern paperpipeline-announcements",
        "index-pattern paperpipeline-dead-letters",
        "index-pattern paperpipeline-ledger",
        "index-pattern paperpipeline-papers",
        "search paperpipeline-dead-letters",
        "search paperpipeline-papers",
    ];

    public static TheoryData<bool> Products => [false, true];

    [Theory]
    [MemberData(nameof(Products))]
    public void Every_reference_leads_to_an_object_that_comes_before(bool openSearch)
    {
        var objects = Write(openSearch);
        var places = objects.Select((o, n) => ((o.Type, o.Id), n)).ToDictionary(o => o.Item1, o => o.n);

        foreach (var (saved, place) in objects.Select((o, n) => (o, n)))
        foreach (var reference in saved.References)
            // Dashboards lead to each other.
            Assert.True(
                places[(reference.Type, reference.Id)] < place || reference.Type == "dashboard",
                $"{saved.Id} needs {reference.Id}"
            );
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Every_reference_is_used_by_its_name_and_every_name_is_a_reference(bool openSearch)
    {
        foreach (var saved in Write(openSearch))
        {
            var named = saved.References.Select(r => r.Name).ToList();

            Assert.Equal(named.Count, named.Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(Used(saved).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Ids_stay_what_they_were(bool openSearch)
    {
        var objects = Write(openSearch);
        var names = objects.Select(o => $"{o.Type} {o.Id}").ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            Kept,
            names.Where(n => n.Contains("paperpipeline-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(objects.Select(o => o.Write()), Write(openSearch).Select(o => o.Write()));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void With_a_prefix_all_is_of_that_prefix(bool openSearch)
    {
        var plain = Write(openSearch);
        var prefixed = DashboardsCommand.Write(openSearch, "lab-", null);
        var kept = plain.Select(o => (o.Type, o.Id)).ToHashSet();

        Assert.Equal(plain.Count, prefixed.Count);
        Assert.DoesNotContain(prefixed, o => kept.Contains((o.Type, o.Id)));
        Assert.All(
            prefixed.Where(o => o.Type == "index-pattern"),
            view => Assert.StartsWith("lab-papers", (string)view.Attributes["title"]!, StringComparison.Ordinal)
        );
        Assert.All(
            prefixed,
            o => Assert.DoesNotContain("\"paperpipeline-", o.Write().Replace("\\", ""), StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Objects_say_which_form_they_have(bool openSearch)
    {
        foreach (var saved in Write(openSearch))
        {
            var line = JsonNode.Parse(saved.Write())!.AsObject();
            if (openSearch)
            {
                Assert.Equal([saved.Type], line["migrationVersion"]!.AsObject().Select(m => m.Key));
                Assert.Null(line["coreMigrationVersion"]);
            }
            else
            {
                Assert.Equal("8.8.0", (string?)line["coreMigrationVersion"]);
                Assert.Equal(saved.Type == "dashboard" ? "8.9.0" : "8.0.0", (string?)line["typeMigrationVersion"]);
                Assert.Null(line["migrationVersion"]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void What_is_text_within_JSON_is_JSON(bool openSearch)
    {
        var texts = Write(openSearch).SelectMany(o => Members(o.Attributes)).Where(m => IsText(m.Name)).ToList();

        Assert.NotEmpty(texts);
        Assert.All(texts, m => Assert.NotNull(JsonNode.Parse((string)m.Value!)));

        static bool IsText(string name) =>
            name.EndsWith("JSON", StringComparison.Ordinal)
            || name is "visState" or "fields" or "fieldAttrs" or "fieldFormatMap" or "typeMeta" or "sourceFilters";
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Panels_fill_the_grid_and_lie_beside_each_other(bool openSearch)
    {
        foreach (var dashboard in Write(openSearch).Where(o => o.Type == "dashboard"))
        {
            var taken = new HashSet<(int, int)>();
            foreach (var panel in JsonNode.Parse((string)dashboard.Attributes["panelsJSON"]!)!.AsArray())
            {
                var grid = panel!["gridData"]!;
                var (x, y, w, h) = ((int)grid["x"]!, (int)grid["y"]!, (int)grid["w"]!, (int)grid["h"]!);
                Assert.Equal((string)panel["panelIndex"]!, (string)grid["i"]!);
                Assert.True(x >= 0 && w > 0 && h > 0 && x + w <= 48, $"{panel["title"]} is at {grid}");
                foreach (var column in Enumerable.Range(x, w))
                foreach (var row in Enumerable.Range(y, h))
                    Assert.True(taken.Add((column, row)), $"{panel["title"]} lies on another panel");
            }
            Assert.Equal(48 * (taken.Max(t => t.Item2) + 1), taken.Count);
        }
    }

    [Fact]
    public void Trace_ids_lead_to_where_traces_are_shown()
    {
        var lines = DashboardsCommand.Write(false, "", "http://localhost:16686/trace/{{value}}");
        var plain = Write(openSearch: false);

        Assert.All(
            lines.Where(o => o.Type == "index-pattern"),
            view =>
                Assert.Equal(
                    "http://localhost:16686/trace/{{value}}",
                    (string?)
                        JsonNode.Parse((string)view.Attributes["fieldFormatMap"]!)!["traceId"]!["params"]![
                            "urlTemplate"
                        ]
                )
        );
        Assert.All(
            plain.Where(o => o.Type == "index-pattern"),
            view =>
                Assert.DoesNotContain("traceId", (string)view.Attributes["fieldFormatMap"]!, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_field_of_the_definitions_is_in_the_mapping()
    {
        var set = DashboardSet.Load();
        var used = set
            .Dashboards.SelectMany(d =>
                d.Panels.SelectMany(p => Fields(p).Select(f => (set.View(d.ViewOf(p)).Index, f)))
                    .Concat(d.Controls.Select(c => (set.View(d.View).Index, c.Field)))
            )
            .Concat(set.Views.SelectMany(v => v.Links.Append(v.Time).Append(v.Trace!).Select(f => (v.Index, f))))
            .Concat(set.Searches.SelectMany(s => s.Columns.Select(c => (set.View(s.View).Index, c))))
            .Distinct()
            .ToList();

        Assert.True(used.Count > 30, $"{used.Count} fields");
        Assert.All(used, f => Assert.True(IsMapped(f.Index, f.Item2), $"{f.Item2} is not in {f.Index}"));
    }

    // What is clicked is a filter on every panel of the dashboard that it leads to: one without the field would be empty.
    [Fact]
    public void What_leads_to_a_dashboard_is_known_to_all_its_panels()
    {
        var set = DashboardSet.Load();
        var leading = set.Dashboards.SelectMany(d => d.Panels).Where(p => p.LeadsTo is not null).ToList();

        Assert.NotEmpty(leading);
        foreach (var panel in leading)
        {
            var target = set.Dashboards.Single(d => d.Id == panel.LeadsTo);
            foreach (var field in panel.By.Select(s => s.Field!).Append(panel.Over?.Field).OfType<string>())
                AssertKnown(target, field);
        }
    }

    [Fact]
    public void What_a_dashboard_is_narrowed_by_is_known_to_all_its_panels()
    {
        foreach (var dashboard in DashboardSet.Load().Dashboards)
        foreach (var control in dashboard.Controls)
            AssertKnown(dashboard, control.Field);
    }

    private static void AssertKnown(Dashboard dashboard, string field)
    {
        var set = DashboardSet.Load();
        foreach (var panel in dashboard.Panels)
        {
            var view = panel.Search is { } list ? set.Searches.Single(s => s.Id == list).View : dashboard.ViewOf(panel);
            Assert.True(IsMapped(set.View(view).Index, field), $"{panel.Title} knows no {field}");
        }
    }

    private static IEnumerable<string> Fields(Panel panel) =>
        panel
            .By.Select(s => s.Field)
            .Concat(panel.Values.Select(v => v.Field))
            .Append(panel.Over?.Field)
            .OfType<string>();

    private static bool IsMapped(string index, string field)
    {
        var members = IndexSchema.Indices(new IndexNames(""), false).Single(i => i.Name == index).Members;
        JsonNode? node = new JsonObject { ["properties"] = JsonNode.Parse(members) };
        foreach (var part in field.Split('.'))
            node = node?["properties"]?[part] ?? node?["fields"]?[part];
        return node is not null;
    }

    // The names by which an object's content asks for what it needs.
    private static IEnumerable<string> Used(SavedObject saved)
    {
        if (saved.Attributes["kibanaSavedObjectMeta"] is { } meta)
            if (JsonNode.Parse((string)meta["searchSourceJSON"]!)!["indexRefName"] is { } index)
                yield return (string)index!;
        if (saved.Attributes["visState"] is { } state)
            foreach (var control in JsonNode.Parse((string)state!)!["params"]!["controls"] as JsonArray ?? [])
                yield return (string)control!["indexPatternRefName"]!;
        if (saved.Attributes["panelsJSON"] is { } panels)
            foreach (var panel in JsonNode.Parse((string)panels!)!.AsArray())
            foreach (var name in UsedByPanel(panel!))
                yield return name;
        if (saved.Attributes["controlGroupInput"] is { } controls)
            foreach (var (id, _) in JsonNode.Parse((string)controls["panelsJSON"]!)!.AsObject())
                yield return $"controlGroup_{id}:optionsListDataView";
    }

    private static IEnumerable<string> UsedByPanel(JsonNode panel)
    {
        var (id, look) = ((string)panel["panelIndex"]!, panel["embeddableConfig"]!);
        if (panel["panelRefName"] is { } name)
            yield return panel["type"] is null ? (string)name! : $"{id}:{name}";
        foreach (var reference in look["attributes"]?["references"] as JsonArray ?? [])
            yield return $"{id}:{reference!["name"]}";
        foreach (var drill in look["enhancements"]?["dynamicActions"]?["events"] as JsonArray ?? [])
            yield return $"{id}:drilldown:{drill!["action"]!["factoryId"]}:{drill["eventId"]}:dashboardId";
    }

    private static IEnumerable<(string Name, JsonNode? Value)> Members(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(m => Members(m.Value).Prepend((m.Key, m.Value))),
            JsonArray items => items.SelectMany(Members),
            _ => [],
        };

    private static IReadOnlyList<SavedObject> Write(bool openSearch) => DashboardsCommand.Write(openSearch, "", null);
}
