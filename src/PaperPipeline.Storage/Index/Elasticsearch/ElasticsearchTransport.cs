using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PaperPipeline.Storage.Index.Elasticsearch;

/// <summary>Sends requests to the first node that answers. Trouble of all nodes is one exception with one line.</summary>
internal sealed class ElasticsearchTransport : IDisposable
{
    private const string Gzip = "gzip";
    private const int CompressFrom = 1024;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private const int MostRepeats = 4;

    private readonly HttpMessageInvoker client;
    private readonly ElasticsearchOptions options;
    private readonly TimeProvider clock;
    private readonly DateTimeOffset[] restUntil;
    private volatile int preferred;

    public ElasticsearchTransport(ElasticsearchOptions options, TimeProvider clock)
    {
        (this.options, this.clock) = (options, clock);
        restUntil = new DateTimeOffset[options.Nodes.Count];
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (options.Trusts is { } trusts)
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trusts };
        client = new HttpMessageInvoker(handler);
    }

    /// <summary>The nodes as they may be shown.</summary>
    public string Name =>
        string.Join(
            ", ",
            options.Nodes.Select(n => n.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped))
        );

    /// <summary><c>elasticsearch</c> or <c>opensearch</c>, as it said of itself.</summary>
    public string Product { get; set; } = "elasticsearch";

    /// <summary>The two products differ in a few requests.</summary>
    public bool IsOpenSearch => Product == "opensearch";

    /// <summary>What answers, by the node that answered last.</summary>
    public IndexIdentity Identity => IndexIdentity.Server(options.Nodes[preferred], Product);

    /// <summary>Sends a request without body.</summary>
    public Task<ElasticsearchAnswer> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        SendAsync(method, path, default, "application/json", cancellationToken);

    /// <summary>Sends a bulk; each request is a span of its own.</summary>
    /// <exception cref="StoreUnavailableException">No node gave an answer in JSON.</exception>
    public Task<ElasticsearchAnswer> SendBulkAsync(
        string alias,
        ReadOnlyMemory<byte> body,
        int operations,
        CancellationToken cancellationToken
    )
    {
        var question = new Question(HttpMethod.Post, $"{alias}/_bulk?require_alias=true", body, "application/x-ndjson");
        return SendAsync(AskAsync, cancellationToken);

        async Task<ElasticsearchAnswer> AskAsync(Uri node, CancellationToken token)
        {
            using var span = BulkSpans.Start(Product, new Uri(Root(node), question.Path), alias, operations);
            try
            {
                var answer = await this.AskAsync(node, question, options.RequestTimeout, token);
                BulkSpans.Answered(span, answer.Status);
                return answer;
            }
            catch (Exception failure)
            {
                BulkSpans.Failed(span, failure);
                throw;
            }
        }
    }

    /// <summary>
    /// Sends a request; the path begins without a slash. One that an overloaded server turns away is sent again for some
    /// seconds.
    /// </summary>
    /// <exception cref="StoreUnavailableException">No node gave an answer in JSON.</exception>
    public async Task<ElasticsearchAnswer> SendAsync(
        HttpMethod method,
        string path,
        ReadOnlyMemory<byte> body,
        string mediaType,
        CancellationToken cancellationToken
    )
    {
        var question = new Question(method, path, body, mediaType);
        for (var attempt = 0; ; attempt++)
        {
            var answer = await SendAsync(
                (node, token) => AskAsync(node, question, options.RequestTimeout, token),
                cancellationToken
            );
            if (answer.Status != 429 || attempt == MostRepeats)
                return answer;
            answer.Dispose();
            await Task.Delay(
                TimeSpan.FromMilliseconds(Random.Shared.Next(100, 200) << attempt),
                clock,
                cancellationToken
            );
        }
    }

    /// <summary>Asks the nodes who they are; all of them together have so much time.</summary>
    /// <exception cref="StoreUnavailableException">No node gave an answer in JSON.</exception>
    public Task<ElasticsearchAnswer> GreetAsync(TimeSpan within, CancellationToken cancellationToken) =>
        SendAsync(
            (node, token) =>
                AskAsync(
                    node,
                    new(HttpMethod.Get, "", default, "application/json"),
                    within / options.Nodes.Count,
                    token
                ),
            cancellationToken
        );

    private sealed record Question(HttpMethod Method, string Path, ReadOnlyMemory<byte> Body, string MediaType);

    private async Task<ElasticsearchAnswer> SendAsync(
        Func<Uri, CancellationToken, Task<ElasticsearchAnswer>> ask,
        CancellationToken cancellationToken
    )
    {
        var (reason, answered, tooLarge, brokenOff, trusted) = ("", false, false, false, false);
        ElasticsearchAnswer? unable = null;
        foreach (var node in Order())
        {
            try
            {
                var answer = await ask(options.Nodes[node], cancellationToken);
                unable?.Dispose();
                // A node that has lost its cluster says so; its neighbour may not have.
                if (answer.Status is not (502 or 503 or 504))
                {
                    preferred = node;
                    return answer;
                }
                unable = answer;
            }
            catch (Exception failure) when (IsTrouble(failure) && !cancellationToken.IsCancellationRequested)
            {
                (reason, answered) = (Reason(failure), answered || HasAnswered(failure));
                tooLarge |= failure is AnswerTooLargeException;
                brokenOff |= IsBrokenOff(failure);
                trusted |= !HttpTrouble.IsOfTls(failure);
            }
            restUntil[node] = clock.GetUtcNow() + Rest;
        }
        return unable
            ?? throw new StoreUnavailableException(
                $"Cannot reach the index {Name}: {reason}. Check --index, or start it."
            )
            {
                MayPass = true,
                Answered = answered,
                TooLarge = tooLarge,
                BrokenOff = brokenOff,
                Untrusted = !trusted,
            };
    }

    public void Dispose() => client.Dispose();

    // The node that answered last comes first; those that failed just now come last, but they come.
    private IEnumerable<int> Order()
    {
        var (now, first) = (clock.GetUtcNow(), preferred);
        return Enumerable.Range(0, options.Nodes.Count).OrderBy(n => restUntil[n] > now).ThenBy(n => n != first);
    }

    private async Task<ElasticsearchAnswer> AskAsync(
        Uri node,
        Question question,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(timeout);
        using var request = new HttpRequestMessage(question.Method, new Uri(Root(node), question.Path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (options.Authorization is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        // Where both share a machine, packing only takes its time.
        var compress = options.Compress ?? !node.IsLoopback;
        if (compress)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(Gzip));
        if (question.Body.Length > 0)
            request.Content = await ContentAsync(question.Body, question.MediaType, compress);
        using var answer = await client.SendAsync(request, bounded.Token);
        if ((int)answer.StatusCode is >= 300 and < 400)
            return Without((int)answer.StatusCode, "to " + Show(answer.Headers.Location));
        await using var body = await answer.Content.ReadAsStreamAsync(bounded.Token);
        await using var unbounded = answer.Content.Headers.ContentEncoding.Contains(Gzip)
            ? new GZipStream(body, CompressionMode.Decompress)
            : body;
        await using var stream = new BoundedStream(unbounded, options.MaxAnswerBytes);
        try
        {
            return new((int)answer.StatusCode, await JsonDocument.ParseAsync(stream, default, bounded.Token));
        }
        // A proxy's error page is no JSON; its status says enough. A success without JSON is no Elasticsearch.
        catch (JsonException) when (!answer.IsSuccessStatusCode)
        {
            return Without((int)answer.StatusCode, $"{(int)answer.StatusCode} without a reason");
        }
    }

    private static string Show(Uri? location) =>
        location is { IsAbsoluteUri: true }
            ? location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : location?.ToString() ?? "nowhere";

    // An answer whose body is none of Elasticsearch's.
    private static ElasticsearchAnswer Without(int status, string reason) =>
        new(status, JsonDocument.Parse(PaperJson.Bytes(new JsonObject { ["error"] = reason })));

    private static async Task<HttpContent> ContentAsync(ReadOnlyMemory<byte> body, string mediaType, bool compress)
    {
        HttpContent content;
        if (compress && body.Length >= CompressFrom)
        {
            var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                await gzip.WriteAsync(body);
            content = new ReadOnlyMemoryContent(packed.GetBuffer().AsMemory(0, (int)packed.Length));
            content.Headers.ContentEncoding.Add(Gzip);
        }
        else
        {
            content = new ReadOnlyMemoryContent(body);
        }
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    // Behind a proxy a cluster may lie below a path.
    private static Uri Root(Uri node) =>
        node.AbsolutePath.EndsWith('/') ? node : new UriBuilder(node) { Path = node.AbsolutePath + "/" }.Uri;

    // Packed content that cannot be unpacked is invalid data.
    private static bool IsTrouble(Exception failure) =>
        failure
            is HttpRequestException
                or IOException
                or OperationCanceledException
                or JsonException
                or InvalidDataException;

    // An answer that broke off or is no JSON may come from a server that is starting, or from a proxy before it.
    private static bool HasAnswered(Exception failure) =>
        failure is JsonException or IOException or InvalidDataException
        || failure
            is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse
            };

    private static bool IsBrokenOff(Exception failure) =>
        failure
            is HttpRequestException
            {
                InnerException: IOException,
                HttpRequestError: not HttpRequestError.SecureConnectionError
            };

    private static string Reason(Exception failure) =>
        failure is JsonException
            ? "the answer is not JSON; is it Elasticsearch or OpenSearch?"
            : HttpTrouble.Reason(failure, "PAPERPIPELINE_INDEX_CA");
}
