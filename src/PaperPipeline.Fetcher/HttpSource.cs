using System.Net;
using System.Net.Sockets;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Fetcher;

/// <summary>An answer that is being read; disposing it ends the transfer.</summary>
public sealed record HttpAnswer(
    Stream Content,
    string Name,
    string? MediaType,
    IReadOnlyDictionary<string, string> Headers,
    IDisposable Owner
) : IAsyncDisposable
{
    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        Owner.Dispose();
    }
}

/// <summary>
/// Reads http(s) addresses. The host that a person named is trusted; a redirect to another host must lead to a public
/// address, checked on the address that is really connected to, so that a source cannot make us read inner services.
/// </summary>
public sealed class HttpSource : IDisposable
{
    private static readonly string[] KeptHeaders = ["etag", "last-modified", "content-type", "date"];
    private static readonly HttpRequestOptionsKey<bool> Trusted = new("trusted");

    private readonly FetcherOptions options;
    private readonly HttpClient client;

    /// <summary>Makes a source with limits.</summary>
    public HttpSource(FetcherOptions options)
    {
        this.options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
        client = new HttpClient(handler) { Timeout = options.HttpTimeout };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("PaperPipeline/0.1");
        client.DefaultRequestHeaders.Accept.ParseAdd("*/*");
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
    }

    /// <summary>Asks for an address, following redirects, until an answer with status 200 begins.</summary>
    /// <exception cref="FetchFailedException">There is no such answer.</exception>
    public async Task<HttpAnswer> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        var origin = address.Authority;
        for (var hop = 0; hop <= options.MaxRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Options.Set(Trusted, address.Authority == origin);
            var answer = await TraceAsync(request, hop, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
                return await OpenAsync(answer, address, cancellationToken);
            var (status, location) = (answer.StatusCode, answer.Headers.Location);
            answer.Dispose();
            if ((int)status is < 300 or >= 400 || location is null)
                throw new FetchFailedException(
                    $"Cannot read {Show(address)}: it answered {(int)status} {status}. Check the address, or try again later."
                )
                {
                    MayPass = (int)status is 408 or 425 or 429 or >= 500,
                };
            address = new Uri(address, location);
            if (address.Scheme is not ("http" or "https"))
                throw new FetchFailedException($"Cannot read {Show(address)}: a redirect left http(s).");
        }
        throw new FetchFailedException($"Cannot read {Show(address)}: more than {options.MaxRedirects} redirects.");
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    /// <summary>An address as it may be shown: without user, password and fragment.</summary>
    public static string Show(Uri address) => address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    /// <summary>False for loopback, private, link-local, multicast and other addresses that are not public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        // NAT64 (64:ff9b::/96): what counts is the IPv4 address behind it.
        if (b is [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. var behind])
            return IsPublic(new IPAddress(behind));
        // Of IPv6 only global unicast (2000::/3) without what is special (2001::/23), documentation and 6to4, in which an
        // IPv4 address hides: iana.org/assignments/iana-ipv6-special-registry.
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return (b[0] & 0xE0) == 0x20
                && !(b[0] == 0x20 && b[1] == 0x02)
                && !(b[0] == 0x20 && b[1] == 0x01 && b[2] is 0 or 1)
                && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8);
        return b[0] switch
        {
            0 or 10 or 127 or >= 224 => false,
            100 => b[1] is < 64 or > 127,
            169 => b[1] != 254,
            172 => b[1] is < 16 or > 31,
            192 => !(b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2)),
            198 => b[1] is not (18 or 19) && !(b[1] == 51 && b[2] == 100),
            203 => !(b[1] == 0 && b[2] == 113),
            _ => true,
        };
    }

    private async Task<HttpResponseMessage> TraceAsync(
        HttpRequestMessage request,
        int hop,
        CancellationToken cancellationToken
    )
    {
        using var span = HttpSpans.Start(request.RequestUri!, hop);
        try
        {
            var answer = await SendAsync(request, cancellationToken);
            HttpSpans.Answered(span, answer.StatusCode);
            return answer;
        }
        catch (Exception failure)
        {
            HttpSpans.Failed(span, failure);
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new FetchFailedException(
                failure.InnerException is IOException broken
                    ? $"Cannot read {Show(request.RequestUri!)}: the answer broke off: {broken.Message}"
                    : $"Cannot read {Show(request.RequestUri!)}: {(failure.InnerException ?? failure).Message}",
                failure
            )
            {
                MayPass = true,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchFailedException(
                $"Cannot read {Show(request.RequestUri!)}: no answer within {options.HttpTimeout.TotalSeconds:0} s."
            )
            {
                MayPass = true,
            };
        }
    }

    private async Task<HttpAnswer> OpenAsync(
        HttpResponseMessage answer,
        Uri address,
        CancellationToken cancellationToken
    )
    {
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .Where(h => KeptHeaders.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value), StringComparer.Ordinal);
        var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var coding = string.Join(", ", answer.Content.Headers.ContentEncoding);
        if (coding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            content = new WholeGzipStream(content);
        }
        else if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            answer.Dispose();
            throw new FetchFailedException(
                $"Cannot read {Show(address)}: it answered in the coding '{coding}', although only gzip was asked for."
            );
        }
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        return new HttpAnswer(
            new DeadlineStream(content, options.HttpTimeout),
            Show(address),
            mediaType,
            headers,
            answer
        );
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var trusted = context.InitialRequestMessage.Options.TryGetValue(Trusted, out var named) && named;
        var allowed = trusted ? addresses : [.. addresses.Where(IsPublic)];
        if (allowed.Length == 0)
            throw new HttpRequestException(
                $"it leads to {context.DnsEndPoint.Host}, which is no public address; name it directly if it is meant"
            );
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
