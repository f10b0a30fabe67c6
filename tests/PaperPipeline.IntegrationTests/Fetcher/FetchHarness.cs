using Microsoft.AspNetCore.Http;
using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.IntegrationTests.Support;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.IntegrationTests.Fetcher;

/// <summary>A source, and a fetcher with an archive of its own.</summary>
internal sealed class FetchHarness : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly HttpSource _http;
    private readonly DigestFetcher _fetcher;

    private FetchHarness(SourceServer server, FetcherOptions options)
    {
        Server = server;
        Archive = new DigestArchive(_folder.Path);
        _http = new HttpSource(options);
        _fetcher = new DigestFetcher(Archive, _http, options, TimeProvider.System);
    }

    public SourceServer Server { get; }

    public DigestArchive Archive { get; }

    /// <summary>Every file of the archive.</summary>
    public IReadOnlyList<string> Files => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

    public static async Task<FetchHarness> StartAsync(RequestDelegate answer, FetcherOptions? options = null) =>
        new(await SourceServer.StartAsync(answer), options ?? new FetcherOptions());

    public Task<DigestFetched> FetchAsync(string path) => FetchAddressAsync(Server.At(path));

    public Task<DigestFetched> FetchAddressAsync(string address) =>
        _fetcher.FetchAsync(address, "url", null, TestContext.Current.CancellationToken);

    /// <summary>Fetches what cannot be had: one line says why, and nothing is archived.</summary>
    public async Task<string> FailAsync(string address)
    {
        var failure = await Assert.ThrowsAsync<FetchFailedException>(() => FetchAddressAsync(address));
        Assert.DoesNotContain('\n', failure.Message);
        Assert.StartsWith("Cannot read ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Files);
        return failure.Message;
    }

    public async Task<byte[]> BytesAsync(string digest)
    {
        await using var stream = Archive.OpenRead(digest);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
