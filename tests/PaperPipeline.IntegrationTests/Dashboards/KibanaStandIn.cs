using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Dashboards;

/// <summary>
/// The import API of saved objects as Kibana and OpenSearch Dashboards document it: <c>POST
/// …/api/saved_objects/_import</c> with a header against forged requests, and a file of JSON lines as a part of a form. What
/// cannot be imported is refused object by object, in an answer with status 200.
/// </summary>
internal sealed class KibanaStandIn : IAsyncDisposable
{
    private static readonly string[] Types = ["index-pattern", "search", "visualization", "dashboard", "lens"];
    private readonly Dictionary<(string Type, string Id), JsonObject> _objects = [];
    private SourceServer? _server;

    /// <summary>True for OpenSearch Dashboards, which has another header and another form of objects.</summary>
    public bool IsOpenSearch { get; init; }

    /// <summary>The base path and space that it answers below.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The <c>Authorization</c> header that it wants; null where anybody may come.</summary>
    public string? Authorization { get; init; }

    /// <summary>The greatest request in bytes.</summary>
    public int MostBytes { get; init; } = 26_214_400;

    /// <summary>How often it says that it is not ready yet.</summary>
    public int NotReady { get; set; }

    /// <summary>Objects that it will not have, by their id, and the kind of error.</summary>
    public Dictionary<string, string> Refuses { get; } = new(StringComparer.Ordinal);

    /// <summary>What it has, written as JSON.</summary>
    public IReadOnlyDictionary<(string Type, string Id), string> Objects =>
        _objects.ToDictionary(o => o.Key, o => o.Value.ToJsonString());

    /// <summary>How often it was asked.</summary>
    public int Requests { get; private set; }

    public string Address => _server!.Address + BasePath;

    public async Task<KibanaStandIn> StartAsync(Func<X509Certificate2>? certificate = null)
    {
        _server = await SourceServer.StartAsync(AnswerAsync, certificate);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests++;
        var (status, body) = await AnswerAsync(context.Request);
        context.Response.StatusCode = status;
        context.Response.Headers[IsOpenSearch ? "osd-name" : "kbn-name"] = "stand-in";
        context.Response.ContentType = body is JsonValue ? "text/plain" : "application/json; charset=utf-8";
        await context.Response.WriteAsync(body is JsonValue text ? text.ToString() : body.ToJsonString());
    }

    private async Task<(int, JsonNode)> AnswerAsync(HttpRequest request)
    {
        if (NotReady > 0)
        {
            NotReady--;
            return (503, "Kibana server is not ready yet.");
        }
        if (request.Path != BasePath + "/api/saved_objects/_import")
            return Error(404, "Not Found", "Not Found");
        if (request.Method != "POST")
            return Error(405, "Method Not Allowed", "Method Not Allowed");
        if (Authorization is not null && request.Headers.Authorization != Authorization)
            return Error(401, "Unauthorized", "[security_exception]: unable to authenticate user");
        var header = IsOpenSearch ? "osd-xsrf" : "kbn-xsrf";
        if (!request.Headers.ContainsKey(header))
            return Error(400, "Bad Request", $"Request must contain a {header} header.");
        var overwrite = request.Query["overwrite"] == "true";
        if (request.Query.Keys.Any(key => key is not ("overwrite" or "createNewCopies" or "compatibilityMode")))
            return Error(400, "Bad Request", "[request query]: definition for this key is missing");
        if (overwrite && request.Query["createNewCopies"] == "true")
            return Error(400, "Bad Request", "cannot use [overwrite] with [createNewCopies]");
        using var content = new MemoryStream();
        await request.Body.CopyToAsync(content);
        if (content.Length > MostBytes)
            return Error(
                413,
                "Request Entity Too Large",
                $"Payload content length greater than maximum allowed: {MostBytes}"
            );
        content.Position = 0;
        var (fileName, text) = await FileAsync(request.ContentType, content);
        if (fileName is null)
            return Error(
                400,
                "Bad Request",
                "[request body.file]: expected value of type [Stream] but got [undefined]"
            );
        if (!fileName.EndsWith(".ndjson", StringComparison.Ordinal))
            return Error(400, "Bad Request", $"Invalid file extension {Path.GetExtension(fileName)}");
        return Import(text, overwrite);
    }

    private static async Task<(string? Name, string Text)> FileAsync(string? contentType, Stream content)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.MediaType != "multipart/form-data")
            return (null, "");
        var boundary = type.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        var reader = new MultipartReader(boundary, content);
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            var disposition = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            using var lines = new StreamReader(section.Body, Encoding.UTF8);
            var text = await lines.ReadToEndAsync();
            if (disposition.DispositionType == "form-data" && disposition.Name?.Trim('"') == "file")
                return (disposition.FileName?.Trim('"'), text);
        }
        return (null, "");
    }

    private (int, JsonNode) Import(string text, bool overwrite)
    {
        List<JsonObject> lines;
        try
        {
            lines =
            [
                .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonNode.Parse(line)!.AsObject()),
            ];
        }
        catch (JsonException failure)
        {
            return Error(400, "Bad Request", failure.Message);
        }
        if (lines.Count == 0)
            return Error(400, "Bad Request", "no objects");
        if (lines.Select(Key).Distinct().Count() < lines.Count)
            return Error(400, "Bad Request", "Non-unique import objects detected");
        if (lines.Find(line => !IsOfKnownVersion(line)) is { } newer)
            return Error(
                422,
                "Unprocessable Entity",
                $"Document \"{newer["id"]}\" belongs to a more recent version of Kibana"
            );
        var errors = new JsonArray();
        var taken = new JsonArray();
        foreach (var line in lines)
            if (Trouble(line, lines, overwrite) is { } trouble)
                errors.Add(
                    new JsonObject
                    {
                        ["type"] = line["type"]!.DeepClone(),
                        ["id"] = line["id"]!.DeepClone(),
                        ["title"] = line["attributes"]!["title"]!.DeepClone(),
                        ["meta"] = new JsonObject { ["title"] = line["attributes"]!["title"]!.DeepClone() },
                        ["error"] = trouble,
                    }
                );
            else
            {
                _objects[Key(line)] = line;
                taken.Add(new JsonObject { ["type"] = line["type"]!.DeepClone(), ["id"] = line["id"]!.DeepClone() });
            }
        var answer = new JsonObject { ["success"] = errors.Count == 0, ["successCount"] = taken.Count };
        if (errors.Count > 0)
            answer["errors"] = errors;
        if (taken.Count > 0)
            answer["successResults"] = taken;
        return (200, answer);
    }

    private JsonObject? Trouble(JsonObject line, List<JsonObject> lines, bool overwrite)
    {
        var (type, id) = Key(line);
        if (Refuses.TryGetValue(id, out var kind))
            return new JsonObject
            {
                ["type"] = kind,
                ["message"] = "we do not want it",
                ["statusCode"] = 400,
            };
        if (!Types.Contains(type))
            return new JsonObject { ["type"] = "unsupported_type" };
        if (_objects.ContainsKey((type, id)) && !overwrite)
            return new JsonObject { ["type"] = "conflict" };
        // Of references it looks for views and lists alone.
        var missing = line["references"]!
            .AsArray()
            .Select(r => r!.AsObject())
            .Where(r => Key(r).Type is "index-pattern" or "search")
            .Where(r =>
                !_objects.ContainsKey(Key(r))
                && !lines.Exists(other => Key(other) == Key(r) && !Refuses.ContainsKey(Key(r).Id))
            )
            .Select(r => (JsonNode)new JsonObject { ["type"] = Key(r).Type, ["id"] = Key(r).Id })
            .ToArray();
        return missing.Length > 0
            ? new JsonObject { ["type"] = "missing_references", ["references"] = new JsonArray(missing) }
            : null;
    }

    private static (string Type, string Id) Key(JsonObject line) =>
        (line["type"]!.GetValue<string>(), line["id"]!.GetValue<string>());

    private bool IsOfKnownVersion(JsonObject line)
    {
        var (type, _) = Key(line);
        return IsOpenSearch
            ? line["coreMigrationVersion"] is null
                && line["migrationVersion"]?[type] is { } old
                && Version.Parse(old.GetValue<string>()) <= new Version(7, 10, 0)
            : line["coreMigrationVersion"]?.GetValue<string>() == "8.8.0"
                && line["typeMigrationVersion"] is { } ours
                && Version.Parse(ours.GetValue<string>()) <= new Version(8, 9, 0);
    }

    private static (int, JsonNode) Error(int status, string error, string message) =>
        (
            status,
            new JsonObject
            {
                ["statusCode"] = status,
                ["error"] = error,
                ["message"] = message,
            }
        );
}
