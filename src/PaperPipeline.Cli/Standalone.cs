using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PaperPipeline.Contracts;
using PaperPipeline.Enricher;
using PaperPipeline.Fetcher;
using PaperPipeline.Indexer;
using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>All stages in this process, on the in-memory bus: the only writer of its data directory.</summary>
internal sealed class Standalone : IStages
{
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(5);

    private readonly DataLock _lock;
    private readonly IHost _host;

    private Standalone(DataLock dataLock, IPaperStore store, IHost host) =>
        (_lock, Store, _host) = (dataLock, store, host);

    public IPaperStore Store { get; }

    public DigestArchive Archive => Get<DigestArchive>();

    public DigestFetcher Fetcher => Get<DigestFetcher>();

    public InFlightPapers InFlight => Get<InFlightPapers>();

    public SourceRequests? Requests => null;

    // Beyond these the announcements wait: the in-memory bus has no back-pressure.
    public int MaxUnsettled => 1000;

    public IEnumerable<string> Left => Archive.Digests().Where(Archive.Holds);

    public bool KeepsMessages => false;

    // Here the parser waits for room by itself.
    public Task<bool> IsIdleAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public long Movement => InFlight.Settled;

    public StageTrouble? Trouble =>
        Get<SinkGuard>().Trouble is { } trouble
            ? new(
                trouble.Reason,
                Ends: !trouble.MayPass && TimeProvider.System.GetUtcNow() - trouble.Since > DiskPatience
            )
            : null;

    /// <summary>Takes the lock, opens the stores and starts the stages.</summary>
    public static async Task<Standalone> StartAsync(
        PipelineSettings settings,
        bool watch,
        CancellationToken cancellationToken
    )
    {
        var dataLock = DataLock.Take(settings.DataDir);
        IPaperStore? store = null;
        try
        {
            var archive = new DigestArchive(settings.Archive);
            Stores.RequireWritable(archive);
            store = await Stores.OpenForWritingAsync(settings, cancellationToken);
            var started = new Standalone(dataLock, store, Build(settings, archive, store, watch));
            // A start that is cancelled half-way leaves a bus that never ends, and a token given here would end the
            // buffer before the index ahead of the consumers that wait for it.
            await started._host.StartAsync(CancellationToken.None);
            await started.TakeUpDecisionsAsync(cancellationToken);
            return started;
        }
        catch
        {
            if (store is not null)
                await store.DisposeAsync();
            dataLock.Dispose();
            throw;
        }
    }

    public Task PublishAsync<T>(T message, int attempts, CancellationToken cancellationToken)
        where T : class => Get<PipelinePublisher>().PublishAsync(Get<IBus>(), message, attempts, cancellationToken);

    public Task PutBackAsync(FailedMessage message, int attempts, CancellationToken cancellationToken) =>
        throw new WorkFailedException(
            $"A message of {message.Queue} goes back to its broker only: give it with --bus."
        );

    public Task MarkAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        Store.RecordAsync(retried, cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken) =>
        Store.ListDeadLettersAsync(cancellationToken);

    public void Enter(string digest) => InFlight.Read(digest);

    public bool IsQuiet(string digest) => InFlight.IsQuiet(digest);

    public bool IsAtRest(string digest) => InFlight.IsQuiet(digest);

    // What is quiet was read as it was stated.
    public Task<bool> HasDayAsync(DigestStatus status, DateOnly day, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<T> AskAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise, CancellationToken cancellationToken) =>
        ask(Store);

    public Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    ) => Store.FindAnyAsync(digests, cancellationToken);

    /// <summary>Lets the stages finish what they have taken, then frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        InFlight.Close();
        await _host.StopAsync(CancellationToken.None);
        // Disposing, not stopping, flushes telemetry.
        if (_host is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        await Store.DisposeAsync();
        _lock.Dispose();
    }

    // An index that was deleted has lost them, and a process may have been killed before it took one.
    private async Task TakeUpDecisionsAsync(CancellationToken cancellationToken)
    {
        var archived = Archive.Decisions().ToList();
        if (archived.Count == 0)
            return;
        var known = await Store.DecisionsAsync(cancellationToken);
        foreach (var decision in archived.Where(d => !known.Has(d.Id)))
            await PublishAsync(decision, attempts: 0, cancellationToken);
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    private static IHost Build(PipelineSettings settings, DigestArchive archive, IPaperStore store, bool watch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables();
        if (watch)
            builder
                .Logging.AddTracedConsole()
                .AddFilter("MassTransit", LogLevel.Warning)
                .Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddTelemetry("paperpipeline", "fetch", "parse", "enrich", "index");
        var services = builder.Services;
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        services.AddSingleton(archive);
        services.AddFetcher();
        services.AddParser();
        services.AddEnricher();
        // Before the bus, so that it stops after it: what consumers have taken is still written.
        services.AddIndexer(store);
        services.AddMessaging(
            // A bulk for each writer of the index, and one that gathers.
            BulkBuffer.MaxEntries * (store.WriteConcurrency + 1),
            bus =>
            {
                bus.AddFetcherConsumers();
                bus.AddParserConsumers();
                bus.AddEnricherConsumers();
                bus.AddIndexerConsumers();
                bus.AddFaultConsumers();
            }
        );
        if (watch)
        {
            services.AddDropFolder(settings.Drop);
            if (settings.KeepDigests is { } keep)
                services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Retention>(provider, keep));
            services.AddSingleton<Func<string, CancellationToken, Task<bool>>>(
                async (digest, token) => await store.FindAsync(digest, token) is { IsSettled: true }
            );
        }
        return builder.Build();
    }
}
