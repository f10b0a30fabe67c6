using System.Text.Json.Nodes;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>The panels of exported dashboards, read as Kibana and OpenSearch Dashboards would read them.</summary>
internal sealed class SavedPanels
{
    private readonly Dictionary<(string Type, string Id), JsonObject> _objects;

    public SavedPanels(string lines)
    {
        _objects = lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .ToDictionary(o => (Text(o["type"]), Text(o["id"])));
    }

    public IEnumerable<JsonObject> Of(string type) => _objects.Where(o => o.Key.Type == type).Select(o => o.Value);

    /// <summary>What all panels that chart something ask for.</summary>
    public IReadOnlyList<PanelQuery> Queries() => [.. Of("dashboard").SelectMany(Queries)];

    /// <summary>Fields that are shown or chosen by, and the index that they are of.</summary>
    public IEnumerable<(string Index, string Field, string Use)> OtherFields()
    {
        foreach (var view in Of("index-pattern"))
            yield return (Attribute(view, "title"), Attribute(view, "timeFieldName"), "date");
        foreach (var list in Of("search"))
        {
            var index = IndexOf(list);
            foreach (var column in list["attributes"]!["columns"]!.AsArray())
                yield return (index, Text(column), "shown");
            foreach (var order in list["attributes"]!["sort"]!.AsArray())
                yield return (index, Text(order![0]), "date");
            foreach (var field in LuceneText.Fields(Query(list)))
                yield return (index, field, "query");
        }
        foreach (var dashboard in Of("dashboard"))
            if (dashboard["attributes"]!["controlGroupInput"] is { } controls)
                foreach (var (id, control) in Parsed(controls["panelsJSON"]).AsObject())
                {
                    var view = Referred(dashboard, $"controlGroup_{id}:optionsListDataView");
                    yield return (Attribute(view, "title"), Text(control!["explicitInput"]!["fieldName"]), "value");
                }
        foreach (var state in Of("visualization"))
        foreach (var control in Parsed(state["attributes"]!["visState"])["params"]!["controls"] as JsonArray ?? [])
            yield return (
                Attribute(Referred(state, Text(control!["indexPatternRefName"])), "title"),
                Text(control["fieldName"]),
                "value"
            );
    }

    private IEnumerable<PanelQuery> Queries(JsonObject dashboard)
    {
        var from = Attribute(dashboard, "timeFrom");
        foreach (var panel in Parsed(dashboard["attributes"]!["panelsJSON"]).AsArray())
        {
            var name = $"{Attribute(dashboard, "title")}: {panel!["title"] ?? panel["embeddableConfig"]!["title"]}";
            if (panel["panelRefName"] is { } reference)
            {
                // Kibana puts the panel's id before what the panel calls its reference; OpenSearch Dashboards does not.
                var target = Referred(dashboard, Text(reference), $"{panel["panelIndex"]}:{reference}");
                if (Text(target["type"]) == "visualization" && Classic(target, name, from) is { } classic)
                    yield return classic;
            }
            else if (Text(panel["type"]) == "lens")
                yield return Lens(dashboard, panel.AsObject(), name, from);
        }
    }

    private PanelQuery Lens(JsonObject dashboard, JsonObject panel, string name, string from)
    {
        var attributes = panel["embeddableConfig"]!["attributes"]!;
        var state = attributes["state"]!;
        var (layer, content) = state["datasourceStates"]!["formBased"]!["layers"]!.AsObject().Single();
        var inner = attributes["references"]!.AsArray().Single()!;
        Assert.Equal($"indexpattern-datasource-layer-{layer}", Text(inner["name"]));
        var view = Referred(dashboard, $"{panel["panelIndex"]}:{inner["name"]}");
        Assert.Equal(Text(inner["id"]), Text(view["id"]));
        var columns = content!["columns"]!.AsObject();
        var order = content["columnOrder"]!.AsArray().Select(Text).ToList();
        Assert.Equal(columns.Select(c => c.Key), order);
        var drawn = state["visualization"]!.ToJsonString();
        Assert.All(order, column => Assert.Contains(column, drawn, StringComparison.Ordinal));
        var all = order.Select(id => columns[id]!).ToList();
        return new PanelQuery(
            name,
            Attribute(view, "title"),
            Attribute(view, "timeFieldName"),
            from,
            Text(state["query"]!["query"]),
            [.. all.Where(IsBucket).Select(Group)],
            [.. all.Where(c => !IsBucket(c)).Select(Number)]
        );

        static bool IsBucket(JsonNode column) => column["isBucketed"]!.GetValue<bool>();
    }

    private static Grouping Group(JsonNode column)
    {
        var (field, parameters) = (column["sourceField"]?.GetValue<string>(), column["params"]!);
        return Text(column["operationType"]) switch
        {
            "date_histogram" => new("date", field) { Step = Step(Text(parameters["interval"])) },
            "filters" => new("filters", null) { Queries = Queries(parameters) },
            "terms" => new("terms", field) { Size = parameters["size"]!.GetValue<int>() },
            var other => throw new NotSupportedException(other),
        };
    }

    private static Number Number(JsonNode column)
    {
        var field = Text(column["sourceField"]);
        return Text(column["operationType"]) switch
        {
            "count" => new("count", null),
            "unique_count" => new("cardinality", field),
            "average" => new("avg", field),
            "percentile" => new("percentiles", field, column["params"]!["percentile"]!.GetValue<double>()),
            "sum" => new("sum", field),
            "max" => new("max", field),
            var other => throw new NotSupportedException(other),
        };
    }

    private PanelQuery? Classic(JsonObject visualization, string name, string from)
    {
        var state = Parsed(visualization["attributes"]!["visState"]);
        if (Text(state["type"]) is "markdown" or "input_control_vis")
            return null;
        var view = Referred(visualization, "kibanaSavedObjectMeta.searchSourceJSON.index");
        var all = state["aggs"]!.AsArray().Select(a => a!).ToList();
        return new PanelQuery(
            name,
            Attribute(view, "title"),
            Attribute(view, "timeFieldName"),
            from,
            Query(visualization),
            [.. all.Where(a => Text(a["schema"]) != "metric").Select(ClassicGroup)],
            [.. all.Where(a => Text(a["schema"]) == "metric").Select(ClassicNumber)]
        );
    }

    private static Grouping ClassicGroup(JsonNode aggregation)
    {
        var parameters = aggregation["params"]!;
        var field = parameters["field"]?.GetValue<string>();
        return Text(aggregation["type"]) switch
        {
            "date_histogram" => new("date", field) { Step = Step(Text(parameters["interval"])) },
            "filters" => new("filters", null) { Queries = Queries(parameters) },
            "terms" => new("terms", field) { Size = parameters["size"]!.GetValue<int>() },
            "significant_terms" => new("significant", field) { Size = parameters["size"]!.GetValue<int>() },
            var other => throw new NotSupportedException(other),
        };
    }

    private static Number ClassicNumber(JsonNode aggregation)
    {
        var kind = Text(aggregation["type"]);
        var parameters = aggregation["params"]!;
        return kind == "count"
            ? new Number("count", null)
            : new Number(kind, Text(parameters["field"]), parameters["percents"]?[0]?.GetValue<double>() ?? 0);
    }

    private static string Step(string interval) =>
        interval switch
        {
            "h" or "1h" => "hour",
            "d" or "1d" => "day",
            "w" or "1w" => "week",
            "M" or "1M" => "month",
            _ => throw new NotSupportedException(interval),
        };

    private static List<(string, string)> Queries(JsonNode parameters) =>
        [
            .. parameters["filters"]!
                .AsArray()
                .Select(f =>
                {
                    Assert.Equal("lucene", Text(f!["input"]!["language"]));
                    return (Text(f["label"]), Text(f["input"]!["query"]));
                }),
        ];

    private JsonObject Referred(JsonObject from, params string[] names)
    {
        var found = from["references"]!.AsArray().Single(r => names.Contains(Text(r!["name"])))!;
        return _objects[(Text(found["type"]), Text(found["id"]))];
    }

    private string IndexOf(JsonObject list) =>
        Attribute(Referred(list, "kibanaSavedObjectMeta.searchSourceJSON.index"), "title");

    private static string Query(JsonObject saved)
    {
        var source = Parsed(saved["attributes"]!["kibanaSavedObjectMeta"]!["searchSourceJSON"]);
        Assert.Equal("lucene", Text(source["query"]!["language"]));
        return Text(source["query"]!["query"]);
    }

    private static string Attribute(JsonObject saved, string name) => Text(saved["attributes"]![name]);

    private static JsonNode Parsed(JsonNode? text) => JsonNode.Parse(Text(text))!;

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
