using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>A panel as a visualisation of the kind that both Kibana and OpenSearch Dashboards have.</summary>
internal static class ClassicForm
{
    /// <summary>The attributes of a visualisation.</summary>
    public static JsonObject Attributes(string title, JsonObject visState, string query, bool ofView)
    {
        visState["title"] = title;
        return new JsonObject
        {
            ["title"] = title,
            ["description"] = "",
            ["version"] = 1,
            ["uiStateJSON"] = "{}",
            ["visState"] = SavedObject.Text(visState),
            ["kibanaSavedObjectMeta"] = SharedForm.SearchSource(query, ofView),
        };
    }

    /// <summary>What a panel draws, and of what.</summary>
    public static JsonObject State(Panel panel)
    {
        var (type, parameters) = Look(panel);
        return new JsonObject
        {
            ["type"] = type,
            ["aggs"] = new JsonArray([.. Aggregations(panel)]),
            ["params"] = parameters,
        };
    }

    /// <summary>A text.</summary>
    public static JsonObject Markdown(string text) =>
        new()
        {
            ["type"] = "markdown",
            ["aggs"] = new JsonArray(),
            ["params"] = MarkdownParameters(text),
        };

    /// <summary>How a text is shown.</summary>
    public static JsonObject MarkdownParameters(string text) =>
        new()
        {
            ["fontSize"] = 12,
            ["openLinksInNewTab"] = false,
            ["markdown"] = text,
        };

    private static IEnumerable<JsonNode> Aggregations(Panel panel)
    {
        var id = 0;
        // Significance brings its own count.
        foreach (var value in panel.Kind == PanelKind.Significant ? panel.Values.Take(1) : panel.Values)
            yield return Aggregation(++id, "metric", Metric(value), value.Label);
        if (panel.Over is { } over)
            yield return Aggregation(++id, "segment", Dates(over), over.Label);
        foreach (var split in panel.By)
            yield return Aggregation(++id, Schema(panel), Buckets(panel, split), split.Label);
    }

    private static JsonObject Aggregation(int id, string schema, (string Type, JsonObject Parameters) of, string label)
    {
        of.Parameters["customLabel"] = label;
        return new JsonObject
        {
            ["id"] = $"{id}",
            ["enabled"] = true,
            ["type"] = of.Type,
            ["params"] = of.Parameters,
            ["schema"] = schema,
        };
    }

    private static string Schema(Panel panel) =>
        panel switch
        {
            { Kind: PanelKind.Table or PanelKind.Significant } => "bucket",
            { Over: not null } => "group",
            _ => "segment",
        };

    private static (string, JsonObject) Metric(Measure value) =>
        value.Of switch
        {
            Calculation.Count => ("count", new JsonObject()),
            Calculation.Percentile => (
                "percentiles",
                new JsonObject { ["field"] = value.Field, ["percents"] = new JsonArray(value.Percentile) }
            ),
            Calculation.Unique => ("cardinality", Field(value)),
            Calculation.Sum => ("sum", Field(value)),
            Calculation.Average => ("avg", Field(value)),
            _ => ("max", Field(value)),
        };

    private static JsonObject Field(Measure value) => new() { ["field"] = value.Field };

    private static (string, JsonObject) Dates(TimeAxis over) =>
        (
            "date_histogram",
            new JsonObject
            {
                ["field"] = over.Field,
                ["interval"] = over.Every switch
                {
                    TimeStep.Hour => "h",
                    TimeStep.Day => "d",
                    TimeStep.Week => "w",
                    _ => "M",
                },
                ["drop_partials"] = false,
                ["min_doc_count"] = 1,
                ["extended_bounds"] = new JsonObject(),
            }
        );

    private static (string, JsonObject) Buckets(Panel panel, Split split) =>
        (panel.Kind, split.Filters) switch
        {
            (_, { } filters) => ("filters", new JsonObject { ["filters"] = Filters(filters) }),
            (PanelKind.Significant, _) => (
                "significant_terms",
                new JsonObject { ["field"] = split.Field, ["size"] = split.Top }
            ),
            _ => (
                "terms",
                new JsonObject
                {
                    ["field"] = split.Field,
                    ["orderBy"] = "1",
                    ["order"] = "desc",
                    ["size"] = split.Top,
                    ["otherBucket"] = false,
                    ["otherBucketLabel"] = "Other",
                    ["missingBucket"] = false,
                    ["missingBucketLabel"] = "Missing",
                }
            ),
        };

    /// <summary>Groups by queries.</summary>
    public static JsonArray Filters(IEnumerable<NamedQuery> filters) =>
        new([
            .. filters.Select(filter => new JsonObject
            {
                ["input"] = SharedForm.Query(filter.Query),
                ["label"] = filter.Label,
            }),
        ]);

    private static (string Type, JsonObject Parameters) Look(Panel panel) =>
        panel.Kind switch
        {
            PanelKind.Number => ("metric", Number()),
            PanelKind.Bars => ("histogram", Axes("histogram", "stacked", horizontal: false, panel)),
            PanelKind.Lines => ("line", Axes("line", "normal", horizontal: false, panel)),
            PanelKind.Area => ("area", Axes("area", "stacked", horizontal: false, panel)),
            PanelKind.Ranking => ("horizontal_bar", Axes("histogram", "normal", horizontal: true, panel)),
            PanelKind.Pie => ("pie", Pie()),
            _ => ("table", Table()),
        };

    private static JsonObject Number() =>
        new()
        {
            ["type"] = "metric",
            ["addTooltip"] = true,
            ["addLegend"] = false,
            ["metric"] = new JsonObject
            {
                ["percentageMode"] = false,
                ["useRanges"] = false,
                ["colorSchema"] = "Green to Red",
                ["metricColorMode"] = "None",
                ["colorsRange"] = new JsonArray(new JsonObject { ["from"] = 0, ["to"] = 10_000 }),
                ["labels"] = new JsonObject { ["show"] = true },
                ["invertColors"] = false,
                ["style"] = new JsonObject
                {
                    ["bgFill"] = "#000",
                    ["bgColor"] = false,
                    ["labelColor"] = false,
                    ["subText"] = "",
                    ["fontSize"] = 36,
                },
            },
        };

    private static JsonObject Axes(string type, string mode, bool horizontal, Panel panel) =>
        new()
        {
            ["type"] = type,
            ["grid"] = new JsonObject { ["categoryLines"] = false },
            ["categoryAxes"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "CategoryAxis-1",
                    ["type"] = "category",
                    ["position"] = horizontal ? "left" : "bottom",
                    ["show"] = true,
                    ["style"] = new JsonObject(),
                    ["scale"] = new JsonObject { ["type"] = "linear" },
                    ["labels"] = new JsonObject
                    {
                        ["show"] = true,
                        ["filter"] = !horizontal,
                        ["truncate"] = horizontal ? 200 : 100,
                    },
                    ["title"] = new JsonObject(),
                }
            ),
            ["valueAxes"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "ValueAxis-1",
                    ["name"] = horizontal ? "BottomAxis-1" : "LeftAxis-1",
                    ["type"] = "value",
                    ["position"] = horizontal ? "bottom" : "left",
                    ["show"] = true,
                    ["style"] = new JsonObject(),
                    ["scale"] = new JsonObject { ["type"] = "linear", ["mode"] = "normal" },
                    ["labels"] = new JsonObject
                    {
                        ["show"] = true,
                        ["rotate"] = 0,
                        ["filter"] = horizontal,
                        ["truncate"] = 100,
                    },
                    ["title"] = new JsonObject { ["text"] = panel.Values[0].Label },
                }
            ),
            ["seriesParams"] = new JsonArray([
                .. panel.Values.Select(
                    (value, n) =>
                        new JsonObject
                        {
                            ["show"] = true,
                            ["type"] = type,
                            ["mode"] = mode,
                            ["data"] = new JsonObject { ["label"] = value.Label, ["id"] = $"{n + 1}" },
                            ["valueAxis"] = "ValueAxis-1",
                            ["drawLinesBetweenPoints"] = true,
                            ["interpolate"] = "linear",
                            ["showCircles"] = true,
                        }
                ),
            ]),
            ["addTooltip"] = true,
            ["addLegend"] = !horizontal,
            ["legendPosition"] = "right",
            ["times"] = new JsonArray(),
            ["addTimeMarker"] = false,
            ["labels"] = new JsonObject { ["show"] = false },
            ["thresholdLine"] = new JsonObject
            {
                ["show"] = false,
                ["value"] = 10,
                ["width"] = 1,
                ["style"] = "full",
                ["color"] = "#E7664C",
            },
        };

    private static JsonObject Pie() =>
        new()
        {
            ["type"] = "pie",
            ["addTooltip"] = true,
            ["addLegend"] = true,
            ["legendPosition"] = "right",
            ["isDonut"] = true,
            ["labels"] = new JsonObject
            {
                ["show"] = true,
                ["values"] = true,
                ["last_level"] = true,
                ["truncate"] = 100,
            },
        };

    private static JsonObject Table() =>
        new()
        {
            ["perPage"] = 10,
            ["showPartialRows"] = false,
            ["showMetricsAtAllLevels"] = false,
            ["showTotal"] = false,
            ["totalFunc"] = "sum",
            ["percentageCol"] = "",
        };
}
