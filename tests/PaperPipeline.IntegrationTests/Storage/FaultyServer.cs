using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PaperPipeline.IntegrationTests.Storage.Contract;
using PaperPipeline.IntegrationTests.Support;

namespace PaperPipeline.IntegrationTests.Storage;

/// <summary>
/// Stands before the real server and answers some requests wrongly, as proxies, networks and servers in trouble do. What
/// passes is held against the contract.
/// </summary>
internal sealed class FaultyServer(Uri server, Func<string, Fault> next) : IAsyncDisposable
{
    private static readonly HttpClient Forward = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
    )
    {
        Timeout = TimeSpan.FromSeconds(100),
    };
    private SourceServer? _front;
    private int _faults;

    public Uri Address => new(_front!.Address);

    /// <summary>What was wrong with the requests.</summary>
    public ContractWatch Contract { get; } = new();

    /// <summary>How many requests were answered wrongly.</summary>
    public int Faults => _faults;

    /// <summary>The <c>Authorization</c> header that it demands; null takes everybody.</summary>
    public string? Authorization { get; init; }

    /// <summary>Bytes of the largest bulk that it takes; null for any.</summary>
    public int? LargestBulk { get; init; }

    /// <summary>Bytes of a bulk for which it says to have memory; null for any.</summary>
    public int? MemoryLimit { get; init; }

    /// <summary>Bytes of a bulk that it reads; of a larger one it breaks the connection off, unread. Null for any.</summary>
    public int? ReadLimit { get; init; }

    /// <summary>Whether it then says why, with 413, before it breaks the connection off.</summary>
    public bool Says { get; init; }

    /// <summary>A text for which it refuses a paper; null for none.</summary>
    public string? Refused { get; set; }

    public static Task<FaultyServer> StartAsync(Uri server, Func<string, Fault> next) =>
        new FaultyServer(server, next).ListenAsync(null);

    /// <summary>Begins to answer, over TLS where there is a certificate, which may change.</summary>
    public async Task<FaultyServer> ListenAsync(Func<X509Certificate2>? certificate)
    {
        _front = await SourceServer.StartAsync(AnswerAsync, certificate);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _front!.DisposeAsync();
        Contract.Require("");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var isBulk = context.Request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal);
            if (isBulk && context.Request.ContentLength > ReadLimit)
                BreakOff(context);
            else
                await AnswerAsync(context, isBulk);
        }
        catch (HttpRequestException)
        {
            // The server is gone, and so is what stands before it.
            context.Abort();
        }
        catch (Xunit.Sdk.XunitException wrong)
        {
            Contract.Note(wrong.Message);
            throw;
        }
    }

    private void BreakOff(HttpContext context)
    {
        Interlocked.Increment(ref _faults);
        if (!Says)
            context.Abort();
        context.Response.StatusCode = 413;
        context.Response.Headers.Connection = "close";
    }

    private async Task AnswerAsync(HttpContext context, bool isBulk)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        var body = memory.ToArray();
        Contract.Look(context.Request, body);
        if (Authorization is not null && context.Request.Headers.Authorization != Authorization)
        {
            await FaultAnswers.FailAsync(context, 401, "security_exception");
            return;
        }
        var path = context.Request.Path.ToUriComponent() + context.Request.QueryString;
        var fault = next(path);
        if (Storage.Faults.IsOfBulks(fault) ? !isBulk : Storage.Faults.IsOfReads(fault) && !IsRead(path))
            fault = Fault.None;
        if (isBulk && body.Length > LargestBulk)
            fault = Fault.TooLarge;
        var exceeds = isBulk && body.Length > MemoryLimit;
        if (fault != Fault.None || exceeds)
            Interlocked.Increment(ref _faults);
        if (exceeds)
            await FaultAnswers.BreakAsync(context, body.Length, MemoryLimit!.Value);
        else if (isBulk && path.Contains("papers-write/", StringComparison.Ordinal) && Refused is { } text)
            await SomeAsync(
                context,
                path,
                ContractWatch.Unpack(context.Request, body),
                (_, lines) => lines.Contains(text, StringComparison.Ordinal),
                (400, "document_parsing_exception")
            );
        else
            await AnswerAsync(context, fault, path, body);
    }

    private static bool IsRead(string path) =>
        path.Contains("_mget", StringComparison.Ordinal) || path.Contains("_refresh", StringComparison.Ordinal);

    private async Task AnswerAsync(HttpContext context, Fault fault, string path, byte[] body)
    {
        if (fault == Fault.None)
        {
            await PassAsync(context, path, body);
            return;
        }
        if (Storage.Faults.OfRequests.TryGetValue(fault, out var whole))
        {
            await FaultAnswers.FailAsync(context, whole.Status, whole.Type);
            return;
        }
        if (Storage.Faults.OfItems.TryGetValue(fault, out var some))
        {
            await SomeAsync(context, path, ContractWatch.Unpack(context.Request, body), (n, _) => n % 2 == 0, some);
            return;
        }
        switch (fault)
        {
            case Fault.TooLarge:
                context.Response.StatusCode = 413;
                return;
            case Fault.BadGateway:
                context.Response.StatusCode = 502;
                await context.Response.WriteAsync("<html>Bad gateway</html>");
                return;
            case Fault.GatewayTimeout:
                context.Response.StatusCode = 504;
                await context.Response.WriteAsync("<html>The server did not answer</html>");
                return;
            case Fault.Redirected:
                context.Response.Redirect("http://elsewhere.example/");
                return;
            case Fault.ResetBefore:
                context.Abort();
                return;
            case Fault.Endless or Fault.PackedEndless:
                await FaultAnswers.FloodAsync(context, packed: fault == Fault.PackedEndless);
                return;
        }
        using var answer = await SendAsync(context.Request, path, body, packed: false);
        await FaultAnswers.DamageAsync(
            context,
            fault,
            (int)answer.StatusCode,
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None)
        );
    }

    // As it came, and the answer as the server gives it.
    private async Task PassAsync(HttpContext context, string path, byte[] body)
    {
        using var answer = await SendAsync(context.Request, path, body, packed: true);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Content.Headers.ContentEncoding.FirstOrDefault() is { } encoding)
            context.Response.Headers.ContentEncoding = encoding;
        await answer.Content.CopyToAsync(context.Response.Body);
    }

    // Some operations get an error each; the others reach the server.
    private async Task SomeAsync(
        HttpContext context,
        string path,
        byte[] body,
        Func<int, string, bool> fails,
        (int Status, string Type) error
    )
    {
        var lines = Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var operations = lines.Chunk(2).Select((pair, n) => (Text: $"{pair[0]}\n{pair[1]}\n", Number: n)).ToList();
        var failing = operations.Where(o => fails(o.Number, o.Text)).Select(o => o.Number).ToHashSet();
        var written = new Queue<JsonNode>();
        if (failing.Count < operations.Count)
        {
            var text = string.Concat(operations.Where(o => !failing.Contains(o.Number)).Select(o => o.Text));
            using var part = await SendAsync(context.Request, path, Encoding.UTF8.GetBytes(text), packed: false);
            var answer = await part.Content.ReadAsByteArrayAsync();
            if (part.StatusCode != HttpStatusCode.OK)
            {
                await FaultAnswers.ReplyAsync(context, (int)part.StatusCode, answer);
                return;
            }
            foreach (var item in JsonNode.Parse(answer)!["items"]!.AsArray())
                written.Enqueue(item!.DeepClone());
        }
        var items = operations.Select(o =>
            failing.Contains(o.Number) ? FaultAnswers.Item(o.Text, error.Status, error.Type) : written.Dequeue()
        );
        var all = new JsonObject
        {
            ["took"] = 1,
            ["errors"] = true,
            ["items"] = new JsonArray([.. items]),
        };
        await FaultAnswers.ReplyAsync(
            context,
            200,
            FaultAnswers.Checked("bulk", 200, Encoding.UTF8.GetBytes(all.ToJsonString()))
        );
    }

    // What is cut into parts is sent unpacked, and the answer to be changed must come so.
    private async Task<HttpResponseMessage> SendAsync(HttpRequest original, string path, byte[] body, bool packed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(original.Method), new Uri(server, path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(packed ? body : ContractWatch.Unpack(original, body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(original.ContentType!);
            if (packed && original.Headers.ContentEncoding is [{ } encoding])
                request.Content.Headers.ContentEncoding.Add(encoding);
        }
        if (packed && original.Headers.AcceptEncoding is [{ } accepted])
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return await Forward.SendAsync(request);
    }
}
