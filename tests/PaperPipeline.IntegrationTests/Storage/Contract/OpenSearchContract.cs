using System.Text.Json.Nodes;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>OpenSearch's API, which is published as OpenAPI, in the form that Elasticsearch's contracts have.</summary>
internal static class OpenSearchContract
{
    public static JsonObject Read(string file)
    {
        var text = File.ReadAllText(file).Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var document = JsonNode.Parse(text)!.AsObject();
        var components = document["components"]!;
        var operations = new JsonObject();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        foreach (var (method, definition) in methods!.AsObject())
            operations.Add($"{method} {path}", Operation(path, method, definition!, components));
        return new JsonObject
        {
            ["definitions"] = components["schemas"]!.DeepClone(),
            ["operations"] = operations,
            ["commonQuery"] = new JsonObject(),
        };
    }

    private static JsonObject Operation(string path, string method, JsonNode definition, JsonNode components)
    {
        var query = new JsonObject();
        foreach (var reference in definition["parameters"]?.AsArray() ?? [])
            if (Resolve(reference!, components) is var parameter && (string?)parameter["in"] == "query")
                query.Add((string)parameter["name"]!, parameter["schema"]!.DeepClone());
        var body = definition["requestBody"] is { } request ? Resolve(request, components) : null;
        var content = body?["content"]!.AsObject();
        return new JsonObject
        {
            ["urls"] = new JsonArray(
                new JsonObject { ["path"] = path, ["methods"] = new JsonArray(method.ToUpperInvariant()) }
            ),
            ["query"] = query,
            ["requestMediaType"] = new JsonArray([.. content?.Select(type => (JsonNode)type.Key) ?? []]),
            ["requestRequired"] = (bool?)body?["required"] ?? false,
            ["request"] = content?.First().Value!["schema"]!.DeepClone(),
        };
    }

    private static JsonNode Resolve(JsonNode node, JsonNode components) =>
        (string?)node["$ref"] is { } reference
            ? reference.Split('/')[2..].Aggregate(components, (found, name) => found[name]!)
            : node;
}
