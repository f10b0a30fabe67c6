using System.Text.Json;
using System.Text.Json.Serialization;

namespace PaperPipeline.Cli.Dashboards;

// What a definition leaves out is null when it is read, whatever a member begins with.

/// <summary>What an index is called where it is charted, and what its time is.</summary>
internal sealed record DataView
{
    /// <summary>Its name in the definitions.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>The alias, without prefix.</summary>
    public required string Index { get; init; }

    /// <summary>The date that the time range is about.</summary>
    public required string Time { get; init; }

    /// <summary>Fields that hold addresses.</summary>
    public IReadOnlyList<string> Links
    {
        get => field ?? [];
        init;
    }

    /// <summary>The field that holds a trace id.</summary>
    public string? Trace { get; init; }
}

/// <summary>A list of documents, newest first.</summary>
internal sealed record DocumentList
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required string View { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Which documents, in Lucene's query language; all of them where there is none.</summary>
    public string Filter
    {
        get => field ?? "";
        init;
    }
}

/// <summary>A dashboard: panels below a header that says what one sees.</summary>
internal sealed record Dashboard
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>What its panels chart where they do not say.</summary>
    public required string View { get; init; }

    /// <summary>The beginning of its time range, such as <c>now-7d</c>.</summary>
    public required string From { get; init; }

    /// <summary>Paragraphs in Markdown.</summary>
    public required IReadOnlyList<string> Header { get; init; }

    public required IReadOnlyList<Control> Controls { get; init; }

    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>What a panel charts.</summary>
    public string ViewOf(Panel panel) => panel.View ?? View;
}

/// <summary>A field by whose values a dashboard can be narrowed.</summary>
internal sealed record Control(string Label, string Field);

/// <summary>What a panel looks like.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PanelKind>))]
internal enum PanelKind
{
    /// <summary>One number.</summary>
    Number,

    /// <summary>Stacked bars over time.</summary>
    Bars,

    /// <summary>Lines over time.</summary>
    Lines,

    /// <summary>Stacked areas over time.</summary>
    Area,

    /// <summary>The most frequent values as bars.</summary>
    Ranking,

    /// <summary>Shares.</summary>
    Pie,

    /// <summary>Values and numbers.</summary>
    Table,

    /// <summary>Values that are more frequent in the time range than in all documents.</summary>
    Significant,

    /// <summary>A list of documents.</summary>
    Search,
}

/// <summary>A panel: values, over time, by something.</summary>
internal sealed record Panel
{
    public required string Title { get; init; }

    public required PanelKind Kind { get; init; }

    /// <summary>Left, top, width and height on a grid of 48 columns; the top is that below the header.</summary>
    public required IReadOnlyList<int> At { get; init; }

    public string? View { get; init; }

    /// <summary>Which documents, in Lucene's query language; all of them where there is none.</summary>
    public string Filter
    {
        get => field ?? "";
        init;
    }

    public TimeAxis? Over { get; init; }

    public IReadOnlyList<Split> By
    {
        get => field ?? [];
        init;
    }

    public IReadOnlyList<Measure> Values
    {
        get => field ?? [];
        init;
    }

    /// <summary>The list that a panel of kind search shows.</summary>
    public string? Search { get; init; }

    /// <summary>The dashboard that a click leads to, with what was clicked as its filter.</summary>
    public string? LeadsTo { get; init; }
}

/// <summary>Steps of time: hour, day, week or month, as the server's UTC calendar has them.</summary>
internal sealed record TimeAxis(string Label, string Field, TimeStep Every);

/// <summary>A step of time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimeStep>))]
internal enum TimeStep
{
    Hour,
    Day,
    Week,
    Month,
}

/// <summary>Groups of documents: by the most frequent values of a field, or by queries.</summary>
internal sealed record Split
{
    public required string Label { get; init; }

    public string? Field { get; init; }

    /// <summary><c>string</c> or <c>number</c>.</summary>
    public string Type
    {
        get => field ?? "string";
        init;
    }

    /// <summary>How many values of the field.</summary>
    public int Top { get; init; }

    public IReadOnlyList<NamedQuery>? Filters { get; init; }
}

/// <summary>A query in Lucene's language.</summary>
internal sealed record NamedQuery(string Label, string Query);

/// <summary>What a number is made of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Calculation>))]
internal enum Calculation
{
    Count,
    Unique,
    Sum,
    Average,
    Max,
    Percentile,
}

/// <summary>A number computed of the documents of each group.</summary>
internal sealed record Measure
{
    public required string Label { get; init; }

    public required Calculation Of { get; init; }

    public string? Field { get; init; }

    public int Percentile { get; init; }
}

/// <summary>The definitions that lie in <c>dashboards/</c>.</summary>
internal sealed record DashboardSet(
    IReadOnlyList<DataView> Views,
    IReadOnlyList<DocumentList> Searches,
    IReadOnlyList<Dashboard> Dashboards
)
{
    private static readonly string[] Order = ["papers", "trends", "completeness", "pipeline"];

    /// <summary>The definitions that this program was built with.</summary>
    public static DashboardSet Load() =>
        new(
            Read("views", DashboardJson.Default.IReadOnlyListDataView),
            Read("searches", DashboardJson.Default.IReadOnlyListDocumentList),
            [.. Order.Select(name => Read(name, DashboardJson.Default.Dashboard))]
        );

    public DataView View(string id) => Views.Single(v => v.Id == id);

    private static T Read<T>(string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        using var stream = typeof(DashboardSet).Assembly.GetManifestResourceStream($"dashboards/{name}.json")!;
        return JsonSerializer.Deserialize(stream, type)!;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(IReadOnlyList<DataView>))]
[JsonSerializable(typeof(IReadOnlyList<DocumentList>))]
[JsonSerializable(typeof(Dashboard))]
internal sealed partial class DashboardJson : JsonSerializerContext;
