using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PaperPipeline.Conformance;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Fetcher;
using PaperPipeline.Indexer;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Telemetry;

/// <summary>All stages in this process, over the in-memory bus and a SQLite file.</summary>
internal sealed class TracedPipeline : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly IHost _host;

    private TracedPipeline(string folder, SqliteStore store, IHost host) =>
        (_folder, Store, _host) = (folder, store, host);

    public SqliteStore Store { get; }

    public DigestArchive Archive => _host.Services.GetRequiredService<DigestArchive>();

    public static async Task<TracedPipeline> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("paperpipeline-trace-").FullName;
        var store = SqliteStore.Open(Path.Combine(folder, "papers.db"), write: true)!;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(new DigestArchive(Path.Combine(folder, "archive")));
        builder.Services.AddFetcher().AddParser().AddEnricher().AddIndexer(store);
        builder.Services.AddMessaging(
            1000,
            bus =>
            {
                bus.AddFetcherConsumers();
                bus.AddParserConsumers();
                bus.AddEnricherConsumers();
                bus.AddIndexerConsumers();
                bus.AddFaultConsumers();
            }
        );
        var host = builder.Build();
        await host.StartAsync(Token);
        return new TracedPipeline(folder, store, host);
    }

    public Task<DigestFetched> FetchAsync(string page) =>
        _host
            .Services.GetRequiredService<DigestFetcher>()
            .FetchAsync(new MemoryStream(Encoding.UTF8.GetBytes(page)), "page.txt", null, Token);

    /// <summary>Announces a digest, as one that was tried so often before.</summary>
    public Task AnnounceAsync(DigestFetched fetched, int attempts = 0) =>
        _host
            .Services.GetRequiredService<PipelinePublisher>()
            .PublishAsync(_host.Services.GetRequiredService<IBus>(), fetched, attempts, Token);

    /// <summary>Fetches a page and waits until it is settled.</summary>
    public async Task<DigestFetched> IngestAsync(string page)
    {
        var fetched = await FetchAsync(page);
        await AnnounceAsync(fetched);
        await UntilAsync(async () => await Store.FindAsync(fetched.Digest, Token) is { IsSettled: true });
        return fetched;
    }

    /// <summary>Ends the stages; every span under way has ended then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Looks again and again until it holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, "what the stages have to bring about", Deadline);

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
