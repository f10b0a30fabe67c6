using System.Text.Json.Nodes;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>Groups of documents: by values of a field, by steps of time, or by queries.</summary>
internal sealed record Grouping(string Kind, string? Field)
{
    /// <summary>How many values at most.</summary>
    public int Size { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>.</summary>
    public string? Step { get; init; }

    public IReadOnlyList<(string Label, string Query)> Queries { get; init; } = [];
}

/// <summary>A number of each group, in the words of the search server.</summary>
internal sealed record Number(string Kind, string? Field, double Percent = 0);

/// <summary>What a saved panel asks of the server.</summary>
internal sealed record PanelQuery(
    string Name,
    string Index,
    string TimeField,
    string From,
    string Filter,
    IReadOnlyList<Grouping> Groups,
    IReadOnlyList<Number> Numbers
)
{
    /// <summary>The fields that it needs, with what it needs them for.</summary>
    public IEnumerable<(string Field, string Use)> Fields =>
        [
            (TimeField, "date"),
            .. Groups.Where(g => g.Field is not null).Select(g => (g.Field!, g.Kind == "date" ? "date" : "value")),
            .. Numbers
                .Where(n => n.Field is not null)
                .Select(n => (n.Field!, n.Kind == "cardinality" ? "value" : "number")),
            .. LuceneText.Fields(Filter).Select(f => (f, "query")),
            .. Groups.SelectMany(g => g.Queries).SelectMany(q => LuceneText.Fields(q.Query)).Select(f => (f, "query")),
        ];

    /// <summary>The search that Kibana would send, but for what only the picture needs.</summary>
    public JsonObject Body()
    {
        var body = new JsonObject
        {
            ["size"] = 0,
            ["track_total_hits"] = true,
            ["query"] = new JsonObject
            {
                ["bool"] = new JsonObject
                {
                    ["filter"] = new JsonArray(
                        new JsonObject
                        {
                            ["range"] = new JsonObject
                            {
                                [TimeField] = new JsonObject { ["gte"] = From, ["lte"] = "now" },
                            },
                        },
                        QueryString(Filter)
                    ),
                },
            },
        };
        if (Level(0) is { Count: > 0 } aggregations)
            body["aggs"] = aggregations;
        return body;
    }

    /// <summary>The answer as rows: the keys of the groups, and the numbers.</summary>
    public IReadOnlyList<PanelRow> Rows(JsonObject answer)
    {
        var rows = new List<PanelRow>();
        var total = answer["hits"]!["total"]!["value"]!.GetValue<double>();
        Collect(0, answer["aggregations"] as JsonObject ?? new JsonObject(), total, [], rows);
        return rows;
    }

    private static JsonObject QueryString(string query) =>
        query.Length == 0
            ? new JsonObject { ["match_all"] = new JsonObject() }
            : new JsonObject
            {
                ["query_string"] = new JsonObject { ["query"] = query, ["analyze_wildcard"] = true },
            };

    private JsonObject Level(int depth)
    {
        var numbers = new JsonObject();
        foreach (var (number, n) in Numbers.Select((number, n) => (number, n)))
            if (number.Kind != "count")
                numbers[$"n{n}"] = new JsonObject { [number.Kind] = Parameters(number) };
        if (depth == Groups.Count)
            return numbers;
        var group = Groups[depth];
        var aggregation = group.Kind switch
        {
            "filters" => new JsonObject
            {
                ["filters"] = new JsonObject
                {
                    ["filters"] = new JsonObject(
                        group.Queries.Select(q => KeyValuePair.Create(q.Label, (JsonNode?)QueryString(q.Query)))
                    ),
                },
            },
            "date" => new JsonObject
            {
                ["date_histogram"] = new JsonObject
                {
                    ["field"] = group.Field,
                    ["calendar_interval"] = group.Step,
                    ["min_doc_count"] = 1,
                },
            },
            "significant" => new JsonObject
            {
                ["significant_terms"] = new JsonObject { ["field"] = group.Field, ["size"] = group.Size },
            },
            _ => new JsonObject
            {
                ["terms"] = new JsonObject
                {
                    ["field"] = group.Field,
                    ["size"] = group.Size,
                    ["order"] = new JsonObject { [Numbers[0].Kind == "count" ? "_count" : "n0"] = "desc" },
                },
            },
        };
        var inner = Level(depth + 1);
        foreach (var (name, number) in numbers)
            inner[name] = number!.DeepClone();
        if (inner.Count > 0)
            aggregation["aggs"] = inner;
        return new JsonObject { ["g"] = aggregation };
    }

    private static JsonObject Parameters(Number number)
    {
        var parameters = new JsonObject { ["field"] = number.Field };
        if (number.Kind == "percentiles")
            parameters["percents"] = new JsonArray(number.Percent);
        return parameters;
    }

    private void Collect(int depth, JsonObject found, double documents, List<string> keys, List<PanelRow> rows)
    {
        if (depth == Groups.Count)
        {
            rows.Add(new PanelRow(string.Join(" | ", keys), [.. Numbers.Select((n, at) => Value(n, at))]));
            return;
        }
        var buckets = found["g"]!["buckets"]!;
        var named = buckets is JsonObject byName
            ? byName.Select(b => (Key: b.Key, Bucket: b.Value!.AsObject()))
            : buckets.AsArray().Select(b => (Key: Key(Groups[depth], b!), Bucket: b!.AsObject()));
        foreach (var (key, bucket) in named)
            if (bucket["doc_count"]!.GetValue<double>() is > 0 and var count)
                Collect(depth + 1, bucket, count, [.. keys, key], rows);

        double? Value(Number number, int at) =>
            number.Kind switch
            {
                "count" => documents,
                "percentiles" => found[$"n{at}"]!["values"]!.AsObject().Single().Value?.GetValue<double>(),
                _ => found[$"n{at}"]!["value"]?.GetValue<double>(),
            };
    }

    private static string Key(Grouping group, JsonNode bucket) =>
        group.Kind == "date"
            ? DateTimeOffset
                .FromUnixTimeMilliseconds(bucket["key"]!.GetValue<long>())
                .ToString("yyyy-MM-dd'T'HH", System.Globalization.CultureInfo.InvariantCulture)
            : bucket["key"]!.ToString();
}

/// <summary>What a panel shows of one group.</summary>
internal sealed record PanelRow(string Keys, IReadOnlyList<double?> Numbers)
{
    public override string ToString() =>
        $"{Keys}: {string.Join(", ", Numbers.Select(n => n?.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture) ?? "-"))}";
}
