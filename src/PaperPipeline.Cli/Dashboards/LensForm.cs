using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>A panel as Kibana's Lens stores it in a dashboard.</summary>
internal static class LensForm
{
    /// <summary>The attributes of a panel, and the layer that leads to its view.</summary>
    public static JsonObject Attributes(Panel panel, string id, Reference view)
    {
        var layer = Layer(id);
        var columns = Columns(panel, id);
        var state = new JsonObject
        {
            ["visualization"] = Visualization(panel, layer, columns),
            ["query"] = SharedForm.Query(panel.Filter),
            ["filters"] = new JsonArray(),
            ["datasourceStates"] = new JsonObject
            {
                ["formBased"] = new JsonObject
                {
                    ["layers"] = new JsonObject
                    {
                        [layer] = new JsonObject
                        {
                            ["columns"] = new JsonObject(columns.Select(c => KeyValuePair.Create(c.Id, c.Json))),
                            ["columnOrder"] = SharedForm.Texts(columns.Select(c => c.Id)),
                            ["incompleteColumns"] = new JsonObject(),
                            ["sampling"] = 1,
                            ["ignoreGlobalFilters"] = false,
                        },
                    },
                },
                ["textBased"] = new JsonObject { ["layers"] = new JsonObject() },
            },
            ["internalReferences"] = new JsonArray(),
            ["adHocDataViews"] = new JsonObject(),
        };
        return new JsonObject
        {
            ["title"] = "",
            ["description"] = "",
            ["visualizationType"] = panel.Kind switch
            {
                PanelKind.Number => "lnsMetric",
                PanelKind.Pie => "lnsPie",
                PanelKind.Table => "lnsDatatable",
                _ => "lnsXY",
            },
            ["type"] = "lens",
            ["state"] = state,
            ["references"] = new JsonArray(SavedObject.ReferenceJson(view with { Name = ReferenceName(id) })),
        };
    }

    /// <summary>What a panel calls its view.</summary>
    public static string ReferenceName(string id) => "indexpattern-datasource-layer-" + Layer(id);

    private static string Layer(string id) => Naming.Uuid(id, "layer");

    private sealed record Column(string Id, ColumnRole Role, JsonNode? Json);

    private enum ColumnRole
    {
        Time,
        Group,
        Value,
    }

    // Lens asks in the order of the columns: what comes first splits first. A ranking or a split within steps of time is by
    // the first value.
    private static List<Column> Columns(Panel panel, string id)
    {
        var values = panel.Values.Select((_, n) => Naming.Uuid(id, $"value {n}")).ToList();
        var columns = new List<Column>();
        if (panel.Over is { } over)
            columns.Add(new(Naming.Uuid(id, "over"), ColumnRole.Time, Dates(over, panel.Kind)));
        foreach (var (split, n) in panel.By.Select((split, n) => (split, n)))
            columns.Add(new(Naming.Uuid(id, $"by {n}"), ColumnRole.Group, Groups(split, values[0])));
        columns.AddRange(panel.Values.Select((value, n) => new Column(values[n], ColumnRole.Value, Value(value))));
        return columns;
    }

    private static JsonObject Operation(string label, string type, string operation, bool bucketed, string scale) =>
        new()
        {
            ["label"] = label,
            ["customLabel"] = true,
            ["dataType"] = type,
            ["operationType"] = operation,
            ["isBucketed"] = bucketed,
            ["scale"] = scale,
        };

    private static JsonObject Dates(TimeAxis over, PanelKind kind)
    {
        var column = Operation(over.Label, "date", "date_histogram", bucketed: true, "interval");
        column["sourceField"] = over.Field;
        column["params"] = new JsonObject
        {
            ["interval"] = over.Every switch
            {
                TimeStep.Hour => "1h",
                TimeStep.Day => "1d",
                TimeStep.Week => "1w",
                _ => "1M",
            },
            ["includeEmptyRows"] = kind != PanelKind.Table,
            ["dropPartials"] = false,
        };
        return column;
    }

    private static JsonObject Groups(Split split, string value)
    {
        if (split.Filters is { } filters)
        {
            var queries = Operation(split.Label, "string", "filters", bucketed: true, "ordinal");
            queries["params"] = new JsonObject { ["filters"] = ClassicForm.Filters(filters) };
            return queries;
        }
        var column = Operation(split.Label, split.Type, "terms", bucketed: true, "ordinal");
        column["sourceField"] = split.Field;
        column["params"] = new JsonObject
        {
            ["size"] = split.Top,
            ["orderBy"] = new JsonObject { ["type"] = "column", ["columnId"] = value },
            ["orderDirection"] = "desc",
            ["otherBucket"] = false,
            ["missingBucket"] = false,
            ["parentFormat"] = new JsonObject { ["id"] = "terms" },
            ["include"] = new JsonArray(),
            ["exclude"] = new JsonArray(),
            ["includeIsRegex"] = false,
            ["excludeIsRegex"] = false,
        };
        return column;
    }

    private static JsonObject Value(Measure value)
    {
        var column = Operation(value.Label, "number", Name(value.Of), bucketed: false, "ratio");
        column["sourceField"] = value.Of == Calculation.Count ? "___records___" : value.Field;
        var parameters = new JsonObject();
        // Nothing to count is 0, as nobody would read a gap as one.
        if (value.Of is Calculation.Count or Calculation.Unique or Calculation.Sum)
            parameters["emptyAsNull"] = false;
        if (value.Of == Calculation.Percentile)
            parameters["percentile"] = value.Percentile;
        column["params"] = parameters;
        return column;
    }

    private static string Name(Calculation of) =>
        of switch
        {
            Calculation.Unique => "unique_count",
            Calculation.Count => "count",
            Calculation.Sum => "sum",
            Calculation.Average => "average",
            Calculation.Max => "max",
            _ => "percentile",
        };

    private static JsonObject Visualization(Panel panel, string layer, List<Column> columns)
    {
        var values = Ids(columns, ColumnRole.Value);
        var groups = Ids(columns, ColumnRole.Group);
        return panel.Kind switch
        {
            PanelKind.Number => new JsonObject
            {
                ["layerId"] = layer,
                ["layerType"] = "data",
                ["metricAccessor"] = values[0],
            },
            PanelKind.Pie => Shares(layer, groups, values),
            PanelKind.Table => new JsonObject
            {
                ["layerId"] = layer,
                ["layerType"] = "data",
                ["columns"] = new JsonArray([.. columns.Select(c => new JsonObject { ["columnId"] = c.Id })]),
                ["paging"] = new JsonObject { ["enabled"] = true, ["size"] = 10 },
            },
            PanelKind.Ranking => Axes("bar_horizontal", layer, groups[0], null, values),
            _ => Axes(
                panel.Kind switch
                {
                    PanelKind.Bars => "bar_stacked",
                    PanelKind.Area => "area_stacked",
                    _ => "line",
                },
                layer,
                Ids(columns, ColumnRole.Time)[0],
                groups.FirstOrDefault(),
                values
            ),
        };
    }

    private static List<string> Ids(List<Column> columns, ColumnRole role) =>
        [.. columns.Where(c => c.Role == role).Select(c => c.Id)];

    private static JsonObject Shares(string layer, List<string> groups, List<string> values) =>
        new()
        {
            ["shape"] = "donut",
            ["layers"] = new JsonArray(
                new JsonObject
                {
                    ["layerId"] = layer,
                    ["layerType"] = "data",
                    ["primaryGroups"] = SharedForm.Texts(groups),
                    ["metrics"] = SharedForm.Texts(values),
                    ["numberDisplay"] = "percent",
                    ["categoryDisplay"] = "default",
                    ["legendDisplay"] = "default",
                    ["nestedLegend"] = false,
                }
            ),
        };

    private static JsonObject Axes(string series, string layer, string x, string? split, List<string> values)
    {
        var data = new JsonObject
        {
            ["layerId"] = layer,
            ["layerType"] = "data",
            ["seriesType"] = series,
            ["xAccessor"] = x,
            ["accessors"] = SharedForm.Texts(values),
        };
        if (split is not null)
            data["splitAccessor"] = split;
        return new JsonObject
        {
            ["title"] = "Empty XY chart",
            ["preferredSeriesType"] = series,
            ["layers"] = new JsonArray(data),
            ["valueLabels"] = "hide",
            ["fittingFunction"] = "None",
            ["legend"] = new JsonObject { ["isVisible"] = true, ["position"] = "right" },
            ["axisTitlesVisibilitySettings"] = Axis(x: false, y: true),
            ["tickLabelsVisibilitySettings"] = Axis(x: true, y: true),
            ["gridlinesVisibilitySettings"] = Axis(x: false, y: true),
            ["labelsOrientation"] = new JsonObject
            {
                ["x"] = 0,
                ["yLeft"] = 0,
                ["yRight"] = 0,
            },
        };
    }

    private static JsonObject Axis(bool x, bool y) =>
        new()
        {
            ["x"] = x,
            ["yLeft"] = y,
            ["yRight"] = y,
        };
}
