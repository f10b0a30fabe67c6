using System.Globalization;
using System.Text.Json.Nodes;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>The numbers of a panel, computed of documents as the program exports them.</summary>
internal static class ExpectedRows
{
    /// <summary>The rows of a panel, without regard to how many it shows at most.</summary>
    public static IReadOnlyList<PanelRow> Of(PanelQuery panel, IEnumerable<JsonObject> documents, DateTimeOffset now)
    {
        var from = Begin(panel.From, now);
        var found = documents
            .Where(d => Values(d, panel.TimeField).Select(Time).Any(t => t >= from && t <= now))
            .Where(d => LuceneText.Finds(panel.Filter, field => Values(d, field)))
            .ToList();
        var rows = new List<PanelRow>();
        Split(panel, 0, found, [], rows);
        return rows;
    }

    /// <summary>The values of a field, each once.</summary>
    public static IReadOnlyList<string> Values(JsonObject document, string field)
    {
        const string Folded = ".keyword";
        var isFolded = field.EndsWith(Folded, StringComparison.Ordinal);
        var values = new List<string>();
        Collect(document, (isFolded ? field[..^Folded.Length] : field).Split('.'), values);
        return [.. values.Select(v => isFolded ? v.ToLowerInvariant() : v).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The group that a value belongs to.</summary>
    public static string Step(DateTimeOffset time, string step)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        var begin = step switch
        {
            "hour" => day.AddHours(time.UtcDateTime.Hour),
            "day" => day,
            "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            _ => day.AddDays(1 - day.Day),
        };
        return begin.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
    }

    private static void Split(
        PanelQuery panel,
        int depth,
        List<JsonObject> documents,
        List<string> keys,
        List<PanelRow> rows
    )
    {
        if (depth == panel.Groups.Count)
        {
            rows.Add(new PanelRow(string.Join(" | ", keys), [.. panel.Numbers.Select(n => Compute(n, documents))]));
            return;
        }
        var group = panel.Groups[depth];
        var byKey = documents
            .SelectMany(d => Keys(group, d).Distinct(StringComparer.Ordinal).Select(key => (Key: key, Document: d)))
            .GroupBy(pair => pair.Key, pair => pair.Document, StringComparer.Ordinal);
        foreach (var some in byKey)
            Split(panel, depth + 1, [.. some], [.. keys, some.Key], rows);
    }

    private static IEnumerable<string> Keys(Grouping group, JsonObject document) =>
        group.Kind switch
        {
            "filters" => group
                .Queries.Where(q => LuceneText.Finds(q.Query, field => Values(document, field)))
                .Select(q => q.Label),
            "date" => Values(document, group.Field!).Select(v => Step(Time(v), group.Step!)),
            _ => Values(document, group.Field!),
        };

    private static double? Compute(Number number, List<JsonObject> documents)
    {
        if (number.Kind == "count")
            return documents.Count;
        var values = documents.SelectMany(d => Values(d, number.Field!)).ToList();
        if (number.Kind == "cardinality")
            return values.Distinct(StringComparer.Ordinal).Count();
        var numbers = values.Select(v => double.Parse(v, CultureInfo.InvariantCulture)).Order().ToList();
        return number.Kind switch
        {
            "sum" => numbers.Sum(),
            _ when numbers.Count == 0 => null,
            "avg" => numbers.Average(),
            "max" => numbers[^1],
            "percentiles" => Percentile(numbers, number.Percent),
            _ => throw new NotSupportedException(number.Kind),
        };
    }

    private static double Percentile(List<double> sorted, double percent)
    {
        var at = percent / 100 * (sorted.Count - 1);
        var below = sorted[(int)Math.Floor(at)];
        return below + (at - Math.Floor(at)) * (sorted[(int)Math.Ceiling(at)] - below);
    }

    private static void Collect(JsonNode? node, ReadOnlySpan<string> path, List<string> values)
    {
        switch (node)
        {
            case null:
                return;
            case JsonArray items:
                foreach (var item in items)
                    Collect(item, path, values);
                return;
            case JsonObject members when path.Length > 0:
                Collect(members[path[0]], path[1..], values);
                return;
            case JsonValue value when path.Length == 0:
                values.Add(value.ToString());
                return;
        }
    }

    private static DateTimeOffset Begin(string from, DateTimeOffset now)
    {
        var count = int.Parse(from["now-".Length..^1], CultureInfo.InvariantCulture);
        return from[^1] == 'y' ? now.AddYears(-count) : now.AddDays(-count);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
