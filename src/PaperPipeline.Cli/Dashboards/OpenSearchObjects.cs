using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>The definitions in the form in which OpenSearch Dashboards stores them. It has no drill-downs.</summary>
internal static class OpenSearchObjects
{
    private const int ControlsHeight = 6;

    /// <summary>All objects; what others need comes before them.</summary>
    public static IEnumerable<SavedObject> Write(DashboardSet set, Naming naming)
    {
        foreach (var view in set.Views)
            yield return New("index-pattern", naming.Id(view.Id), View(view, naming), []);
        foreach (var list in set.Searches)
        {
            var attributes = SharedForm.List(list, set.View(list.View));
            attributes["hits"] = 0;
            attributes["version"] = 1;
            yield return New("search", naming.Id(list.Id), attributes, [SharedForm.ToView(naming, list.View)]);
        }
        foreach (var dashboard in set.Dashboards)
        foreach (var written in Dashboard(set, dashboard, naming))
            yield return written;
    }

    private static SavedObject New(string type, string id, JsonObject attributes, IReadOnlyList<Reference> references)
    {
        var version = type switch
        {
            "index-pattern" => "7.6.0",
            "visualization" => "7.10.0",
            _ => "7.9.3",
        };
        return new(
            type,
            id,
            attributes,
            references,
            new JsonObject { ["migrationVersion"] = new JsonObject { [type] = version } }
        );
    }

    private static JsonObject View(DataView view, Naming naming) =>
        new()
        {
            ["title"] = naming.Index(view),
            ["timeFieldName"] = view.Time,
            ["fields"] = "[]",
            ["fieldFormatMap"] = SavedObject.Text(SharedForm.Formats(view, naming)),
        };

    private static IEnumerable<SavedObject> Dashboard(DashboardSet set, Dashboard dashboard, Naming naming)
    {
        var panels = new JsonArray();
        var references = new List<Reference>();
        var header = Naming.Uuid(naming.Id(dashboard.Id), "header");
        yield return New(
            "visualization",
            header,
            Named(dashboard, "header", ClassicForm.Markdown(SharedForm.Header(set, dashboard, naming))),
            []
        );
        Place("visualization", header, "", [0, 0, 48, SharedForm.HeaderHeight], 0);

        var controls = Naming.Uuid(naming.Id(dashboard.Id), "controls");
        yield return New(
            "visualization",
            controls,
            Named(dashboard, "controls", Controls(dashboard)),
            [.. dashboard.Controls.Select((_, n) => ControlView(n, naming.Id(dashboard.View)))]
        );
        Place("visualization", controls, "", [0, 0, 48, ControlsHeight], SharedForm.HeaderHeight);

        foreach (var panel in dashboard.Panels)
        {
            var below = SharedForm.HeaderHeight + ControlsHeight;
            if (panel.Kind == PanelKind.Search)
            {
                Place("search", naming.Id(panel.Search!), panel.Title, panel.At, below);
                continue;
            }
            var id = Naming.Uuid(naming.Id(dashboard.Id), panel.Title);
            yield return New(
                "visualization",
                id,
                ClassicForm.Attributes(
                    SharedForm.Title($"{dashboard.Title}: {panel.Title}"),
                    ClassicForm.State(panel),
                    panel.Filter,
                    ofView: true
                ),
                [SharedForm.ToView(naming, dashboard.ViewOf(panel))]
            );
            Place("visualization", id, panel.Title, panel.At, below);
        }

        var attributes = SharedForm.Frame(dashboard);
        attributes["panelsJSON"] = SavedObject.Text(panels);
        attributes["optionsJSON"] = SavedObject.Text(
            new JsonObject { ["useMargins"] = true, ["hidePanelTitles"] = false }
        );
        yield return New("dashboard", naming.Id(dashboard.Id), attributes, references);

        void Place(string type, string id, string title, IReadOnlyList<int> at, int below)
        {
            var name = $"panel_{panels.Count}";
            references.Add(new(name, type, id));
            var panel = $"{panels.Count + 1}";
            var look = new JsonObject { ["hidePanelTitles"] = title.Length == 0 };
            if (title.Length > 0)
                look["title"] = title;
            panels.Add(
                new JsonObject
                {
                    ["version"] = "7.10.0",
                    ["panelIndex"] = panel,
                    ["gridData"] = SharedForm.Grid(at, below, panel),
                    ["embeddableConfig"] = look,
                    ["panelRefName"] = name,
                }
            );
        }
    }

    private static JsonObject Named(Dashboard dashboard, string what, JsonObject state) =>
        ClassicForm.Attributes(SharedForm.Title($"{dashboard.Title}: {what}"), state, "", ofView: false);

    private static Reference ControlView(int control, string view) =>
        new($"control_{control}_index_pattern", "index-pattern", view);

    private static JsonObject Controls(Dashboard dashboard) =>
        new()
        {
            ["type"] = "input_control_vis",
            ["aggs"] = new JsonArray(),
            ["params"] = new JsonObject
            {
                ["controls"] = new JsonArray([
                    .. dashboard.Controls.Select(
                        (control, n) =>
                            new JsonObject
                            {
                                ["id"] = $"{n + 1}",
                                ["fieldName"] = control.Field,
                                ["parent"] = "",
                                ["label"] = control.Label,
                                ["type"] = "list",
                                ["options"] = new JsonObject
                                {
                                    ["type"] = "terms",
                                    ["multiselect"] = true,
                                    ["dynamicOptions"] = true,
                                    ["size"] = 20,
                                    ["order"] = "desc",
                                },
                                ["indexPatternRefName"] = ControlView(n, "").Name,
                            }
                    ),
                ]),
                ["updateFiltersOnChange"] = true,
                ["useTimeFilter"] = true,
                ["pinFilters"] = false,
            },
        };
}
