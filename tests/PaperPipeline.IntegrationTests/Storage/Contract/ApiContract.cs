using System.Text.Json;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>A request as it goes out.</summary>
internal sealed record ApiRequest(string Method, Uri Address, string? MediaType, byte[] Body);

/// <summary>
/// Elasticsearch's API of one version as a schema of requests and answers. The folder that PAPERPIPELINE_TEST_CONTRACT
/// names holds one file a version; without it nothing is checked. What Elasticsearch does not know must be in OpenSearch's
/// API, whose file lies beside.
/// </summary>
internal sealed class ApiContract
{
    private const string Unknown = "no such operation";

    private static readonly ApiContract? OpenSearch = Folder is { } folder
        ? new ApiContract(
            "OpenSearch",
            JsonSerializer.SerializeToElement(
                OpenSearchContract.Read(Path.Combine(folder, "opensearch-subset-openapi.json"))
            )
        )
        : null;

    private readonly JsonElement _root;
    private readonly ContractSchema _schema;
    private readonly List<(string Operation, string Method, string[] Path, JsonElement Definition)> _operations = [];

    private ApiContract(string version, JsonElement root)
    {
        (Version, _root) = (version, root);
        _schema = new ContractSchema(_root);
        foreach (var operation in _root.GetProperty("operations").EnumerateObject())
        foreach (var url in operation.Value.GetProperty("urls").EnumerateArray())
        foreach (var method in url.GetProperty("methods").EnumerateArray())
            _operations.Add(
                (operation.Name, method.GetString()!, Segments(url.GetProperty("path").GetString()!), operation.Value)
            );
    }

    /// <summary>The versions at hand.</summary>
    public static IReadOnlyList<ApiContract> All { get; } = Load();

    public string Version { get; }

    public static void Require() =>
        Assert.SkipWhen(All.Count == 0, "PAPERPIPELINE_TEST_CONTRACT names no folder of API contracts");

    /// <summary>What is wrong with a request, but for those that are sent on purpose.</summary>
    public IReadOnlyList<string> Faults(ApiRequest request)
    {
        if (Find(request) is { } found)
            return
            [
                .. FaultsOfQuery(request, found.Definition)
                    .Concat(FaultsOfBody(request, found.Definition))
                    .Select(fault => $"{found.Operation} of {Version}: {fault}"),
            ];
        if (this != OpenSearch)
            return OpenSearch!.Faults(request);
        return KnownDifferences.Cover(Outline(request)) ? [] : [Unknown];
    }

    /// <summary>What is wrong with an answer.</summary>
    public IReadOnlyList<string> FaultsOfAnswer(string operation, int status, byte[] body)
    {
        var schema = status is >= 200 and < 300
            ? _root.GetProperty("operations").GetProperty(operation).GetProperty("response")
            : _root.GetProperty("error");
        using var answer = JsonDocument.Parse(body);
        return _schema.Check(answer.RootElement, schema, "");
    }

    private static string? Folder =>
        Environment.GetEnvironmentVariable("PAPERPIPELINE_TEST_CONTRACT") is { Length: > 0 } folder ? folder : null;

    private static ApiContract[] Load() =>
        Folder is { } folder
            ?
            [
                .. Directory
                    .GetFiles(folder, "elasticsearch-contract-*.schema.json")
                    .Select(file => new ApiContract(
                        Path.GetFileName(file).Split('-')[^1].Replace(".schema.json", "", StringComparison.Ordinal),
                        JsonDocument.Parse(File.ReadAllBytes(file)).RootElement
                    )),
            ]
            : [];

    private static string[] Segments(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    // A literal segment is preferred, so that _bulk is not taken for the name of an index.
    private (string Operation, JsonElement Definition)? Find(ApiRequest request)
    {
        var path = Segments(request.Address.AbsolutePath);
        return _operations
            .Where(o =>
                o.Method == request.Method
                && o.Path.Length == path.Length
                && o.Path.Zip(path).All(s => IsVariable(s.First) ? !s.Second.StartsWith('_') : s.First == s.Second)
            )
            .OrderBy(o => o.Path.Count(IsVariable))
            .Select(o => ((string, JsonElement)?)(o.Operation, o.Definition))
            .FirstOrDefault();
    }

    // Method and path, whatever the index.
    private static string Outline(ApiRequest request) =>
        Segments(request.Address.AbsolutePath) is [[not '_', ..], .. var rest]
            ? $"{request.Method} /{{index}}/{string.Join('/', rest)}"
            : $"{request.Method} {request.Address.AbsolutePath}";

    private static bool IsVariable(string segment) => segment.StartsWith('{');

    private IEnumerable<string> FaultsOfQuery(ApiRequest request, JsonElement operation)
    {
        foreach (
            var parameter in request.Address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left, right) : (parameter, "");
            if (
                !operation.GetProperty("query").TryGetProperty(name, out var schema)
                && !_root.GetProperty("commonQuery").TryGetProperty(name, out schema)
            )
            {
                yield return $"?{name}: unknown";
                continue;
            }
            if (!Forms(Uri.UnescapeDataString(value)).Any(form => _schema.Check(form, schema, "").Count == 0))
                yield return $"?{name}: may not be {value}";
        }
    }

    // A value in an address has no type: it may stand for text, a number, a truth value or a list of one.
    private static IEnumerable<JsonElement> Forms(string value)
    {
        yield return JsonSerializer.SerializeToElement(value);
        if (bool.TryParse(value, out var truth))
            yield return JsonSerializer.SerializeToElement(truth);
        if (long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number))
            yield return JsonSerializer.SerializeToElement(number);
        yield return JsonSerializer.SerializeToElement(value.Split(','));
    }

    private List<string> FaultsOfBody(ApiRequest request, JsonElement operation)
    {
        if (request.Body.Length == 0)
            return operation.GetProperty("requestRequired").GetBoolean() ? ["a body is missing"] : [];
        var types = operation.GetProperty("requestMediaType");
        if (
            types.ValueKind != JsonValueKind.Array
            || !types.EnumerateArray().Any(t => t.ValueEquals(request.MediaType))
        )
            return [$"a body of type {request.MediaType} is not allowed: {types}"];
        return operation.TryGetProperty("requestAction", out var action)
            ? FaultsOfBulk(request.Body, action)
            : FaultsOfJson(request.Body, body => _schema.Check(body, operation.GetProperty("request"), ""));
    }

    private static List<string> FaultsOfJson(ReadOnlyMemory<byte> text, Func<JsonElement, List<string>> check)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return check(json.RootElement);
        }
        catch (JsonException malformed)
        {
            return [$"no JSON: {malformed.Message}"];
        }
    }

    private List<string> FaultsOfBulk(byte[] body, JsonElement action)
    {
        var faults = new List<string>();
        if (body[^1] != (byte)'\n')
            faults.Add("the last line does not end");
        var lines = System.Text.Encoding.UTF8.GetString(body).TrimEnd('\n').Split('\n');
        if (lines.Length % 2 == 1)
            faults.Add("an action without a document");
        for (var n = 0; n < lines.Length; n++)
        {
            var (isAction, place) = (n % 2 == 0, $"/{n}");
            faults.AddRange(
                FaultsOfJson(
                    System.Text.Encoding.UTF8.GetBytes(lines[n]),
                    line =>
                        isAction ? _schema.Check(line, action, place)
                        : line.ValueKind == JsonValueKind.Object ? []
                        : [$"{place}: a document must be an object"]
                )
            );
        }
        return faults;
    }
}
