using System.Globalization;
using System.Text.Json;

namespace PaperPipeline.IntegrationTests.Telemetry;

/// <summary>A span as the collector received it; kind by OTLP's numbers, attributes as text.</summary>
internal sealed record ExportedSpan(
    string Service,
    string Name,
    int Kind,
    string TraceId,
    string Id,
    string Parent,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Links,
    IReadOnlyList<string> Events
)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>The last value of one metric of one program with one set of attributes: a sum, a reading or a count.</summary>
internal sealed record ExportedMetric(
    string Service,
    string Name,
    string Kind,
    string Unit,
    IReadOnlyDictionary<string, string> Attributes,
    double Value,
    double Sum
);

/// <summary>Reads OTLP's JSON, one export a line.</summary>
internal static class Exported
{
    public static IReadOnlyList<ExportedSpan> Spans(IEnumerable<string> lines) =>
        [
            .. Parts(lines, "resourceSpans", "scopeSpans", "spans")
                .Select(part => new ExportedSpan(
                    part.Service,
                    Text(part.Item, "name"),
                    part.Item.GetProperty("kind").GetInt32(),
                    Text(part.Item, "traceId"),
                    Text(part.Item, "spanId"),
                    Text(part.Item, "parentSpanId"),
                    Attributes(part.Item),
                    [.. Items(part.Item, "links").Select(link => Text(link, "spanId"))],
                    [.. Items(part.Item, "events").Select(each => Text(each, "name"))]
                )),
        ];

    public static IReadOnlyList<ExportedMetric> Metrics(IEnumerable<string> lines) =>
        [
            .. Parts(lines, "resourceMetrics", "scopeMetrics", "metrics")
                .SelectMany(part => Points(part.Item).Select(point => Metric(part.Service, part.Item, point)))
                .GroupBy(metric =>
                    $"{metric.Service} {metric.Name} {string.Join(' ', metric.Attributes.Select(a => $"{a}").Order(StringComparer.Ordinal))}"
                )
                .Select(values => values.Last()),
        ];

    public static IReadOnlyList<(string TraceId, string Text)> Logs(IEnumerable<string> lines) =>
        [
            .. Parts(lines, "resourceLogs", "scopeLogs", "logRecords")
                .Select(part => (Text(part.Item, "traceId"), Value(part.Item.GetProperty("body")))),
        ];

    private static ExportedMetric Metric(string service, JsonElement metric, JsonElement point) =>
        new(
            service,
            Text(metric, "name"),
            KindOf(metric),
            Text(metric, "unit"),
            Attributes(point),
            Number(point, "asInt", "asDouble", "count"),
            Number(point, "sum")
        );

    private static string KindOf(JsonElement metric) =>
        metric.TryGetProperty("histogram", out _) ? "histogram"
        : metric.TryGetProperty("gauge", out _) ? "gauge"
        : metric.TryGetProperty("sum", out var sum)
        && sum.TryGetProperty("isMonotonic", out var grows)
        && grows.GetBoolean()
            ? "counter"
        : "up-down counter";

    private static IEnumerable<JsonElement> Points(JsonElement metric) =>
        ((string[])["sum", "gauge", "histogram"])
            .Where(kind => metric.TryGetProperty(kind, out _))
            .SelectMany(kind => Items(metric.GetProperty(kind), "dataPoints"));

    // A histogram without values has no count.
    private static double Number(JsonElement point, params string[] names) =>
        names
            .Where(name => point.TryGetProperty(name, out _))
            .Select(name => double.Parse(Plain(point.GetProperty(name)), CultureInfo.InvariantCulture))
            .FirstOrDefault();

    private static IEnumerable<(string Service, JsonElement Item)> Parts(
        IEnumerable<string> lines,
        string resources,
        string scopes,
        string items
    ) =>
        from line in lines
        from resource in Items(JsonDocument.Parse(line).RootElement, resources)
        let service = Attributes(resource.GetProperty("resource"))["service.name"]
        from scope in Items(resource, scopes)
        from item in Items(scope, items)
        select (service, item);

    private static Dictionary<string, string> Attributes(JsonElement holder) =>
        Items(holder, "attributes")
            .ToDictionary(a => Text(a, "key"), a => Value(a.GetProperty("value")), StringComparer.Ordinal);

    private static string Value(JsonElement value) =>
        value.EnumerateObject().Select(member => Plain(member.Value)).FirstOrDefault("");

    private static string Plain(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static JsonElement.ArrayEnumerator Items(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

    private static string Text(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var text) ? text.GetString()! : "";
}
