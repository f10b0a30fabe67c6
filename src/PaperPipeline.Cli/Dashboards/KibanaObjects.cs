using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>The definitions in the form in which Kibana 8.9 stores them, which 8.x from there and 9.x import.</summary>
internal static class KibanaObjects
{
    private const string Panels = "8.10.2";

    /// <summary>All objects; what others need comes before them.</summary>
    public static IEnumerable<SavedObject> Write(DashboardSet set, Naming naming)
    {
        foreach (var view in set.Views)
            yield return new("index-pattern", naming.Id(view.Id), View(view, naming), [], Versions("8.0.0"));
        foreach (var list in set.Searches)
            yield return new(
                "search",
                naming.Id(list.Id),
                List(list, set.View(list.View)),
                [SharedForm.ToView(naming, list.View)],
                Versions("8.0.0")
            );
        foreach (var dashboard in set.Dashboards)
        {
            foreach (var panel in dashboard.Panels.Where(p => p.Kind == PanelKind.Significant))
                yield return new(
                    "visualization",
                    PanelId(naming, dashboard, panel),
                    ClassicForm.Attributes(
                        SharedForm.Title(panel.Title),
                        ClassicForm.State(panel),
                        panel.Filter,
                        ofView: true
                    ),
                    [SharedForm.ToView(naming, dashboard.ViewOf(panel))],
                    Versions("8.0.0")
                );
        }
        foreach (var dashboard in set.Dashboards)
            yield return Dashboard(set, dashboard, naming);
    }

    private static JsonObject Versions(string type) =>
        new() { ["coreMigrationVersion"] = "8.8.0", ["typeMigrationVersion"] = type };

    private static JsonObject View(DataView view, Naming naming) =>
        new()
        {
            ["title"] = naming.Index(view),
            ["name"] = SharedForm.Title(view.Title) + (naming.Prefix.Length > 0 ? $" ({naming.Prefix})" : ""),
            ["timeFieldName"] = view.Time,
            ["fields"] = "[]",
            ["fieldAttrs"] = "{}",
            ["fieldFormatMap"] = SavedObject.Text(SharedForm.Formats(view, naming)),
            ["runtimeFieldMap"] = "{}",
            ["sourceFilters"] = "[]",
            ["typeMeta"] = "{}",
            ["allowHidden"] = false,
        };

    private static JsonObject List(DocumentList list, DataView view)
    {
        var attributes = SharedForm.List(list, view);
        attributes["grid"] = new JsonObject();
        attributes["hideChart"] = false;
        attributes["isTextBasedQuery"] = false;
        attributes["timeRestore"] = false;
        return attributes;
    }

    private static SavedObject Dashboard(DashboardSet set, Dashboard dashboard, Naming naming)
    {
        var references = new List<Reference>();
        var panels = new JsonArray(Header(set, dashboard, naming));
        foreach (var panel in dashboard.Panels)
            panels.Add(Panel(dashboard, panel, naming, references));
        var attributes = SharedForm.Frame(dashboard);
        attributes["panelsJSON"] = SavedObject.Text(panels);
        attributes["optionsJSON"] = SavedObject.Text(
            new JsonObject
            {
                ["useMargins"] = true,
                ["syncColors"] = true,
                ["syncCursor"] = true,
                ["syncTooltips"] = false,
                ["hidePanelTitles"] = false,
            }
        );
        attributes["controlGroupInput"] = Controls(dashboard, naming, references);
        return new("dashboard", naming.Id(dashboard.Id), attributes, references, Versions("8.9.0"));
    }

    private static JsonObject Header(DashboardSet set, Dashboard dashboard, Naming naming)
    {
        var id = Naming.Uuid(naming.Id(dashboard.Id), "header");
        var look = new JsonObject
        {
            ["hidePanelTitles"] = true,
            ["enhancements"] = new JsonObject(),
            ["savedVis"] = new JsonObject
            {
                ["title"] = "",
                ["description"] = "",
                ["type"] = "markdown",
                ["uiState"] = new JsonObject(),
                ["params"] = ClassicForm.MarkdownParameters(SharedForm.Header(set, dashboard, naming)),
                ["data"] = new JsonObject
                {
                    ["aggs"] = new JsonArray(),
                    ["searchSource"] = new JsonObject
                    {
                        ["query"] = SharedForm.Query(""),
                        ["filter"] = new JsonArray(),
                    },
                },
            },
        };
        return Placed("visualization", id, "", [0, 0, 48, SharedForm.HeaderHeight], 0, look);
    }

    private static JsonObject Panel(Dashboard dashboard, Panel panel, Naming naming, List<Reference> references)
    {
        var id = PanelId(naming, dashboard, panel);
        var look = new JsonObject { ["enhancements"] = new JsonObject() };
        if (panel.Kind is PanelKind.Search or PanelKind.Significant)
        {
            var (type, other) =
                panel.Kind == PanelKind.Search ? ("search", naming.Id(panel.Search!)) : ("visualization", id);
            references.Add(new($"{id}:panel_{id}", type, other));
            var placed = Placed(type, id, panel.Title, panel.At, SharedForm.HeaderHeight, look);
            placed["panelRefName"] = $"panel_{id}";
            return placed;
        }
        var view = SharedForm.ToView(naming, dashboard.ViewOf(panel));
        references.Add(view with { Name = $"{id}:{LensForm.ReferenceName(id)}" });
        look["attributes"] = LensForm.Attributes(panel, id, view);
        // A number says itself what it is.
        look["hidePanelTitles"] = panel.Kind == PanelKind.Number;
        if (panel.LeadsTo is { } target)
            look["enhancements"] = DrillDown(id, target, naming, references);
        return Placed("lens", id, panel.Title, panel.At, SharedForm.HeaderHeight, look);
    }

    private static JsonObject Placed(
        string type,
        string id,
        string title,
        IReadOnlyList<int> at,
        int below,
        JsonObject look
    ) =>
        new()
        {
            ["version"] = Panels,
            ["type"] = type,
            ["panelIndex"] = id,
            ["title"] = title,
            ["gridData"] = SharedForm.Grid(at, below, id),
            ["embeddableConfig"] = look,
        };

    private static JsonObject DrillDown(string panel, string target, Naming naming, List<Reference> references)
    {
        var id = Naming.Uuid(panel, "leads to", target);
        const string Kind = "DASHBOARD_TO_DASHBOARD_DRILLDOWN";
        references.Add(new($"{panel}:drilldown:{Kind}:{id}:dashboardId", "dashboard", naming.Id(target)));
        var action = new JsonObject
        {
            ["factoryId"] = Kind,
            ["name"] = $"Show in {target}",
            ["config"] = new JsonObject { ["useCurrentFilters"] = true, ["useCurrentDateRange"] = true },
        };
        return new JsonObject
        {
            ["dynamicActions"] = new JsonObject
            {
                ["events"] = new JsonArray(
                    new JsonObject
                    {
                        ["eventId"] = id,
                        ["triggers"] = SharedForm.Texts(["FILTER_TRIGGER"]),
                        ["action"] = action,
                    }
                ),
            },
        };
    }

    private static JsonObject Controls(Dashboard dashboard, Naming naming, List<Reference> references)
    {
        var panels = new JsonObject();
        foreach (var (control, order) in dashboard.Controls.Select((control, order) => (control, order)))
        {
            var id = Naming.Uuid(naming.Id(dashboard.Id), "control", control.Field);
            references.Add(new($"controlGroup_{id}:optionsListDataView", "index-pattern", naming.Id(dashboard.View)));
            panels[id] = new JsonObject
            {
                ["order"] = order,
                ["width"] = "medium",
                ["grow"] = true,
                ["type"] = "optionsListControl",
                ["explicitInput"] = new JsonObject
                {
                    ["id"] = id,
                    ["fieldName"] = control.Field,
                    ["title"] = control.Label,
                    ["enhancements"] = new JsonObject(),
                },
            };
        }
        return new JsonObject
        {
            ["controlStyle"] = "oneLine",
            ["chainingSystem"] = "HIERARCHICAL",
            ["panelsJSON"] = SavedObject.Text(panels),
            ["ignoreParentSettingsJSON"] = SavedObject.Text(
                new JsonObject
                {
                    ["ignoreFilters"] = false,
                    ["ignoreQuery"] = false,
                    ["ignoreTimerange"] = false,
                    ["ignoreValidations"] = false,
                }
            ),
        };
    }

    private static string PanelId(Naming naming, Dashboard dashboard, Panel panel) =>
        Naming.Uuid(naming.Id(dashboard.Id), panel.Title);
}
