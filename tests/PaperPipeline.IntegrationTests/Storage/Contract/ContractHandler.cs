using System.IO.Compression;

namespace PaperPipeline.IntegrationTests.Storage.Contract;

/// <summary>Looks at every request before it goes out: one that no version of Elasticsearch would take fails the test.</summary>
internal sealed class ContractHandler : DelegatingHandler
{
    private ContractHandler(HttpMessageHandler inner)
        : base(inner) { }

    /// <summary>Put around the handler of a store.</summary>
    public static HttpMessageHandler Around(HttpMessageHandler inner) =>
        ApiContract.All.Count == 0 ? inner : new ContractHandler(inner);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var sent = new ApiRequest(
            request.Method.Method,
            request.RequestUri!,
            request.Content?.Headers.ContentType?.MediaType,
            request.Content is null ? [] : await BytesAsync(request.Content, cancellationToken)
        );
        var faults = ApiContract.All.SelectMany(contract => contract.Faults(sent)).ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException(
                $"{sent.Method} {sent.Address} is not as the contract has it:\n{string.Join('\n', faults.Take(10))}"
            );
        return await base.SendAsync(request, cancellationToken);
    }

    private static async Task<byte[]> BytesAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = await content.ReadAsByteArrayAsync(cancellationToken);
        if (!content.Headers.ContentEncoding.Contains("gzip"))
            return bytes;
        using var plain = new MemoryStream();
        await using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        await gzip.CopyToAsync(plain, cancellationToken);
        return plain.ToArray();
    }
}
