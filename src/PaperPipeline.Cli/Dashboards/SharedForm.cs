using System.Text.Json.Nodes;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>What is stored in the same form by Kibana and by OpenSearch Dashboards.</summary>
internal static class SharedForm
{
    /// <summary>Rows of the grid that the header takes.</summary>
    public const int HeaderHeight = 7;

    private const string Source = "kibanaSavedObjectMeta.searchSourceJSON.index";

    /// <summary>What leads from an object to the view that it is about.</summary>
    public static Reference ToView(Naming naming, string view) => new(Source, "index-pattern", naming.Id(view));

    /// <summary>A query in Lucene's language.</summary>
    public static JsonObject Query(string query) => new() { ["query"] = query, ["language"] = "lucene" };

    /// <summary>What an object searches; of a view, where it names one.</summary>
    public static JsonObject SearchSource(string query, bool ofView)
    {
        var source = new JsonObject { ["query"] = Query(query), ["filter"] = new JsonArray() };
        if (ofView)
            source["indexRefName"] = Source;
        return new JsonObject { ["searchSourceJSON"] = SavedObject.Text(source) };
    }

    /// <summary>How the fields of a view are shown: addresses and trace ids lead somewhere.</summary>
    public static JsonObject Formats(DataView view, Naming naming)
    {
        var formats = new JsonObject();
        foreach (var field in view.Links)
            formats[field] = new JsonObject { ["id"] = "url", ["params"] = new JsonObject() };
        if (view.Trace is { } trace && naming.Traces is { } address)
            formats[trace] = new JsonObject
            {
                ["id"] = "url",
                ["params"] = new JsonObject { ["urlTemplate"] = address, ["labelTemplate"] = "{{value}}" },
            };
        return formats;
    }

    /// <summary>A list of documents, newest first.</summary>
    public static JsonObject List(DocumentList list, DataView view) =>
        new()
        {
            ["title"] = Title(list.Title),
            ["description"] = list.Description,
            ["columns"] = Texts(list.Columns),
            ["sort"] = new JsonArray(Texts([view.Time, "desc"])),
            ["kibanaSavedObjectMeta"] = SearchSource(list.Filter, ofView: true),
        };

    /// <summary>The members that every dashboard has, but for its panels.</summary>
    public static JsonObject Frame(Dashboard dashboard) =>
        new()
        {
            ["title"] = Title(dashboard.Title),
            ["description"] = dashboard.Description,
            ["version"] = 1,
            ["hits"] = 0,
            ["timeRestore"] = true,
            ["timeFrom"] = dashboard.From,
            ["timeTo"] = "now",
            ["refreshInterval"] = new JsonObject { ["pause"] = true, ["value"] = 60_000 },
            ["kibanaSavedObjectMeta"] = SearchSource("", ofView: false),
        };

    /// <summary>The header: where one is and can go, and what one sees.</summary>
    public static string Header(DashboardSet set, Dashboard dashboard, Naming naming)
    {
        var places = set.Dashboards.Select(other =>
            other.Id == dashboard.Id ? $"**{other.Title}**" : $"[{other.Title}](#/view/{naming.Id(other.Id)})"
        );
        return string.Join("\n\n", [string.Join(" | ", places), .. dashboard.Header]);
    }

    /// <summary>Where a panel is, below so many rows.</summary>
    public static JsonObject Grid(IReadOnlyList<int> at, int below, string panel) =>
        new()
        {
            ["x"] = at[0],
            ["y"] = at[1] + below,
            ["w"] = at[2],
            ["h"] = at[3],
            ["i"] = panel,
        };

    /// <summary>A title that is found among those of others.</summary>
    public static string Title(string title) => $"PaperPipeline: {title}";

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
