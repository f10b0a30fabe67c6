using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage;

namespace PaperPipeline.Cli.Dashboards;

/// <summary>An object that was not imported, and why.</summary>
internal sealed record RefusedObject(string Type, string Id, string Reason);

/// <summary>Sends saved objects to the import API of Kibana or OpenSearch Dashboards.</summary>
internal sealed class SavedObjectsImport : IDisposable
{
    private const int MostAnswer = 16 * 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly KibanaAccess access;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    public SavedObjectsImport(KibanaAccess access, TimeProvider clock)
    {
        (this.access, this.clock) = (access, clock);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(4),
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        if (access.Trusts is { } trusts)
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trusts };
        client = new HttpClient(handler)
        {
            Timeout = TimeSpan.FromSeconds(60),
            MaxResponseContentBufferSize = MostAnswer,
        };
    }

    private string Name => PipelineSettings.Show(access.Address);

    /// <summary>Sends them, and says which of them were refused.</summary>
    /// <param name="lines">The objects as JSON lines.</param>
    /// <param name="openSearch">Whether they are for OpenSearch Dashboards.</param>
    /// <param name="patience">How long it may take until it is ready.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WorkFailedException">It cannot be reached, or took none of them.</exception>
    public async Task<IReadOnlyList<RefusedObject>> SendAsync(
        byte[] lines,
        bool openSearch,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var begin = clock.GetTimestamp();
        while (true)
        {
            string trouble;
            try
            {
                using var request = Request(lines);
                using var answer = await client.SendAsync(request, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                RequireProduct(answer, openSearch);
                if (!IsBusy(answer.StatusCode))
                    return Refused(answer, text, lines.Length);
                trouble = $"it is not ready ({(int)answer.StatusCode}{Said(text)})";
            }
            catch (Exception failure)
                when (failure is HttpRequestException or IOException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                trouble = Reason(failure);
                if (!MayPass(failure))
                    throw Failed($"Cannot reach {Name}: {trouble}. Check --kibana.");
            }
            if (clock.GetElapsedTime(begin) + Pause > patience)
                throw Failed($"Cannot reach {Name}: {trouble}. Check --kibana, or start it.");
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(byte[] lines)
    {
        var file = new ByteArrayContent(lines);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/ndjson");
        // Servers differ in what they read of the forms that a library would choose.
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = "\"file\"",
            FileName = "\"paperpipeline.ndjson\"",
        };
        var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(access.Address, "api/saved_objects/_import?overwrite=true")
        )
        {
            Content = new MultipartFormDataContent { file },
        };
        // Each asks for its own, and does not mind the other's.
        request.Headers.TryAddWithoutValidation("kbn-xsrf", "true");
        request.Headers.TryAddWithoutValidation("osd-xsrf", "true");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (access.Authorization is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    private void RequireProduct(HttpResponseMessage answer, bool openSearch)
    {
        if (!openSearch && answer.Headers.Contains("osd-name"))
            throw Failed($"{Name} is OpenSearch Dashboards: use --opensearch.");
        if (openSearch && answer.Headers.Contains("kbn-name"))
            throw Failed($"{Name} is Kibana: leave out --opensearch.");
    }

    private static bool IsBusy(HttpStatusCode status) =>
        status
            is HttpStatusCode.TooManyRequests
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private List<RefusedObject> Refused(HttpResponseMessage answer, string text, int size)
    {
        var status = (int)answer.StatusCode;
        switch (status)
        {
            case 401:
                throw Failed(
                    $"{Name} refuses user, password or key (401{Said(text)}): check PAPERPIPELINE_KIBANA_USER and _PASSWORD_FILE, or _API_KEY_FILE."
                );
            case 403:
                throw Failed(
                    $"{Name} lacks the rights for it (403{Said(text)}): the user or key must be allowed to manage saved objects in that space."
                );
            case 404:
                throw Failed(
                    $"{Name} has no import of saved objects there (404): check --kibana with its base path and space, and whether it is Kibana."
                );
            case 413:
                throw Failed(
                    $"{Name} does not take {size / 1024} KiB at once (413{Said(text)}): raise savedObjects.maxImportPayloadBytes, or the limit of the proxy before it."
                );
            case >= 300 and < 400:
                throw Failed(
                    $"{Name} redirects to {answer.Headers.Location?.OriginalString ?? "nowhere"} ({status}): give that address, or credentials that need no form."
                );
            case 409:
                throw Failed(
                    $"{Name} did not import anything, because others change it now (409{Said(text)}): try again."
                );
            case >= 500:
                throw Failed($"{Name} did not import anything ({status}{Said(text)}): look at its log.");
            case not 200:
                var doubt = Said(text).Length == 0 ? ": is it Kibana?" : ".";
                throw Failed($"{Name} did not import anything ({status}{Said(text)}){doubt}");
        }
        if (Parse(text) is not JsonObject result || Flag(result, "success") is not { } success)
            throw Failed($"{Name} answers with something else than the result of an import: is it Kibana?");
        var refused = (result["errors"] as JsonArray ?? []).OfType<JsonObject>().Select(Refused).ToList();
        if (!success && refused.Count == 0)
            throw Failed($"{Name} says that the import failed, and not why{Said(text)}.");
        return refused;
    }

    private static RefusedObject Refused(JsonObject error)
    {
        var why = error["error"] as JsonObject ?? new JsonObject();
        var parts = new List<string>
        {
            Text(why["type"]) switch
            {
                "conflict" or "ambiguous_conflict" => "there is another object with this id",
                "missing_references" => "what it needs is missing",
                "unsupported_type" => "objects of this type are not supported",
                null => "no reason given",
                var type => type,
            },
        };
        if (Text(why["message"]) is { } message)
            parts.Add(message);
        foreach (var missing in (why["references"] as JsonArray ?? []).OfType<JsonObject>())
            parts.Add($"{Text(missing["type"])} {Text(missing["id"])}");
        return new(Text(error["type"]) ?? "?", Text(error["id"]) ?? "?", string.Join(", ", parts));
    }

    // What a server says in its own words, where it does so in the usual form and briefly.
    private static string Said(string text) =>
        Parse(text) is JsonObject answer && Text(answer["message"]) is { Length: < 500 } message ? $": {message}" : "";

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool? Flag(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static WorkFailedException Failed(string message) => new(message);

    private static bool MayPass(Exception failure) =>
        !HttpTrouble.IsOfTls(failure)
        && failure is not HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    private static string Reason(Exception failure) => HttpTrouble.Reason(failure, "PAPERPIPELINE_KIBANA_CA");
}
