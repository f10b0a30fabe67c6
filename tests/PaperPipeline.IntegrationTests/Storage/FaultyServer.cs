using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Storage.Contract;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>What goes wrong with one request on its way.</summary>
internal enum Fault
{
    None,
    TooManyRequests,
    Unavailable,
    BadGateway,
    Breaker,
    DiskFull,
    Forbidden,
    TooLarge,
    ResetBefore,
    ResetAfter,
    NoAnswer,
    CutAnswer,
    NoJson,
    MissingItem,
    ItemsRejected,
    ItemsBroken,
    ItemsUnavailable,
}

/// <summary>Stands before the real server and answers some requests wrongly, as proxies, networks and servers in trouble do.</summary>
internal sealed class FaultyServer(Uri server, Func<string, Fault> next) : IAsyncDisposable
{
    private static readonly HttpClient Forward = new() { Timeout = TimeSpan.FromSeconds(60) };
    private SourceServer? _front;
    private int _faults;

    public Uri Address => new(_front!.Address);

    /// <summary>How many requests were answered wrongly.</summary>
    public int Faults => _faults;

    /// <summary>The <c>Authorization</c> header that it demands; null takes everybody.</summary>
    public string? Authorization { get; init; }

    public static Task<FaultyServer> StartAsync(Uri server, Func<string, Fault> next) =>
        new FaultyServer(server, next).ListenAsync(null);

    /// <summary>Begins to answer, over TLS where there is a certificate.</summary>
    public async Task<FaultyServer> ListenAsync(X509Certificate2? certificate)
    {
        _front = await SourceServer.StartAsync(AnswerAsync, certificate);
        return this;
    }

    public ValueTask DisposeAsync() => _front!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (Authorization is not null && context.Request.Headers.Authorization != Authorization)
        {
            await FailAsync(context, 401, "security_exception");
            return;
        }
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var body = memory.ToArray();
        var path = context.Request.Path + context.Request.QueryString;
        var fault = next(path);
        if (fault is Fault.MissingItem or Fault.ItemsRejected or Fault.ItemsBroken or Fault.ItemsUnavailable)
            if (!path.Contains("_bulk", StringComparison.Ordinal))
                fault = Fault.None;
        if (fault != Fault.None)
            Interlocked.Increment(ref _faults);
        switch (fault)
        {
            case Fault.TooManyRequests:
                await FailAsync(context, 429, "es_rejected_execution_exception");
                return;
            case Fault.Unavailable:
                await FailAsync(context, 503, "unavailable_shards_exception");
                return;
            case Fault.Breaker:
                await FailAsync(context, 429, "circuit_breaking_exception");
                return;
            case Fault.DiskFull:
                await FailAsync(context, 429, "cluster_block_exception");
                return;
            case Fault.Forbidden:
                await FailAsync(context, 403, "security_exception");
                return;
            case Fault.TooLarge:
                context.Response.StatusCode = 413;
                return;
            case Fault.BadGateway:
                context.Response.StatusCode = 502;
                await context.Response.WriteAsync("<html>Bad gateway</html>");
                return;
            case Fault.ResetBefore:
                context.Abort();
                return;
            case Fault.ItemsRejected:
                await SomeAsync(context, path, body, 429, "es_rejected_execution_exception");
                return;
            case Fault.ItemsBroken:
                await SomeAsync(context, path, body, 429, "circuit_breaking_exception");
                return;
            case Fault.ItemsUnavailable:
                await SomeAsync(context, path, body, 503, "unavailable_shards_exception");
                return;
        }
        var (status, answer) = await SendAsync(context.Request, path, body);
        switch (fault)
        {
            case Fault.ResetAfter:
                context.Abort();
                return;
            case Fault.NoAnswer:
                // What was sent is done; only the one who sent it does not learn of it before it gives up.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return;
            case Fault.NoJson:
                await ReplyAsync(context, 200, "not json {"u8.ToArray());
                return;
            case Fault.MissingItem:
                var items = JsonNode.Parse(answer)!;
                if (items["items"] is JsonArray { Count: > 0 } list)
                    list.RemoveAt(list.Count - 1);
                await ReplyAsync(context, status, Encoding.UTF8.GetBytes(items.ToJsonString()));
                return;
            case Fault.CutAnswer:
                context.Response.StatusCode = status;
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            default:
                await ReplyAsync(context, status, answer);
                return;
        }
    }

    // Every second operation reaches the server; the others get an error each.
    private async Task SomeAsync(HttpContext context, string path, byte[] body, int status, string type)
    {
        var lines = Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var pairs = lines.Chunk(2).ToList();
        var sent = pairs.Where((_, n) => n % 2 == 1).ToList();
        var written = new Queue<JsonNode>();
        if (sent.Count > 0)
        {
            var text = string.Concat(sent.SelectMany(pair => pair).Select(line => line + "\n"));
            var (code, answer) = await SendAsync(context.Request, path, Encoding.UTF8.GetBytes(text));
            if (code != 200)
            {
                await ReplyAsync(context, code, answer);
                return;
            }
            foreach (var item in JsonNode.Parse(answer)!["items"]!.AsArray())
                written.Enqueue(item!.DeepClone());
        }
        var items = new JsonArray();
        for (var n = 0; n < pairs.Count; n++)
            items.Add(
                n % 2 == 1
                    ? written.Dequeue()
                    : new JsonObject
                    {
                        ["create"] = new JsonObject { ["status"] = status, ["error"] = Error(type) },
                    }
            );
        var all = new JsonObject { ["errors"] = true, ["items"] = items };
        await ReplyAsync(context, 200, Checked("bulk", 200, Encoding.UTF8.GetBytes(all.ToJsonString())));
    }

    private async Task<(int Status, byte[] Body)> SendAsync(HttpRequest original, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(original.Method), new Uri(server, path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(original.ContentType!);
        }
        using var answer = await Forward.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private static Task FailAsync(HttpContext context, int status, string type) =>
        ReplyAsync(
            context,
            status,
            Checked(
                "bulk",
                status,
                Encoding.UTF8.GetBytes(new JsonObject { ["error"] = Error(type), ["status"] = status }.ToJsonString())
            )
        );

    // What is made up must look like an answer of the real server.
    private static byte[] Checked(string operation, int status, byte[] body)
    {
        Assert.Empty(ApiContract.All.SelectMany(contract => contract.FaultsOfAnswer(operation, status, body)));
        return body;
    }

    private static JsonObject Error(string type) =>
        new()
        {
            ["type"] = type,
            ["reason"] = "made up",
            ["durability"] = "PERMANENT",
        };

    private static async Task ReplyAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
