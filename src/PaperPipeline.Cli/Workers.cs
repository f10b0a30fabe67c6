using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PaperPipeline.Contracts;
using PaperPipeline.Fetcher;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Messaging.Failures;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.ServiceDefaults.Telemetry;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;
using RabbitMQ.Client;

namespace PaperPipeline.Cli;

/// <summary>
/// The stages as workers behind a broker. This process archives and publishes, and reads the index that the indexer writes;
/// any number of processes may do so at once.
/// </summary>
internal sealed class Workers : IStages
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly LedgerReader _index;
    private readonly BrokerProbe _probe;
    private readonly Listeners _listeners;
    private readonly BrokerBus _bus;

    private Workers(IHost host, LedgerReader index, BrokerProbe probe)
    {
        (_host, _index, _probe, _listeners) = (host, index, probe, new Listeners(probe));
        _bus = new BrokerBus(Get<IBus>(), Get<PipelinePublisher>());
        Requests = new SourceRequests(_bus, ListDeadLettersAsync);
    }

    public DigestArchive Archive => Get<DigestArchive>();

    public DigestFetcher Fetcher => Get<DigestFetcher>();

    public SourceRequests Requests { get; }

    public int MaxUnsettled => int.MaxValue;

    // The broker holds what is unsettled.
    public IEnumerable<string> Left => [];

    public bool KeepsMessages => true;

    public async Task<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        var idle = false;
        await _bus.GiveAsync(LookAsync(), cancellationToken);
        return idle;

        async Task LookAsync()
        {
            var queues = await _probe.LookAsync([Routes.Parse, Routes.Enrich, Routes.Index], cancellationToken);
            idle = queues.Values.All(queue => queue.Messages == 0);
        }
    }

    public long Movement => _listeners.Movement;

    public StageTrouble? Trouble
    {
        get
        {
            if ((_listeners.Trouble ?? _bus.Trouble ?? _index.Trouble) is { } away)
                return new(away, Ends: false);
            var missing = _listeners.Missing.Where(queue => queue != Routes.Fetch || Requests.Waiting > 0).ToList();
            var reason = missing.Count > 0 ? string.Join("; ", missing.Select(Listeners.Advice)) : Requests.Trouble;
            return reason is null ? null : new(reason, Ends: false);
        }
    }

    /// <summary>Tries broker, archive and, where it is to be followed, the index; then connects.</summary>
    /// <exception cref="WorkFailedException">Broker or archive cannot be used.</exception>
    /// <exception cref="StoreRefusedException">The index is not ours, of a newer version, or refuses us.</exception>
    /// <exception cref="StoreUnavailableException">The index does not answer.</exception>
    public static async Task<Workers> ConnectAsync(
        PipelineSettings settings,
        bool follow,
        CancellationToken cancellationToken
    )
    {
        await Stores.ReachBusAsync(settings, cancellationToken);
        Stores.RequireDirectory(settings.DataDir);
        var archive = new DigestArchive(settings.Archive);
        Stores.RequireWritable(archive);
        var index = new LedgerReader(settings);
        if (follow)
            await index.OpenAsync(cancellationToken);
        var host = Build(settings.Bus!, archive);
        await host.StartAsync(CancellationToken.None);
        return new Workers(host, index, new BrokerProbe(settings.Bus!));
    }

    public async Task PublishAsync<T>(T message, int attempts, CancellationToken cancellationToken)
        where T : class
    {
        await _bus.PublishAsync(message, attempts, cancellationToken);
        if (message is DigestFetched fetched)
            Archive.MarkAnnounced(fetched.Digest);
    }

    public Task PutBackAsync(FailedMessage message, int attempts, CancellationToken cancellationToken) =>
        _bus.GiveAsync(
            Get<QueueWriter>()
                .WriteAsync(
                    message.Queue,
                    new BasicProperties
                    {
                        ContentType = message.ContentType,
                        Persistent = true,
                        Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
                        {
                            [Attempts.Header] = attempts,
                        },
                    },
                    Convert.FromBase64String(message.Body),
                    cancellationToken
                ),
            cancellationToken
        );

    public Task MarkAsync(DeadLetterRetried retried, CancellationToken cancellationToken) =>
        PublishAsync(retried, 0, cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken) =>
        _index.ReadAsync(store => store.ListDeadLettersAsync(cancellationToken), [], cancellationToken);

    public void Enter(string digest) { }

    public bool IsQuiet(string digest) => true;

    public bool IsAtRest(string digest) => false;

    // The ledger may know the day before the papers bear it. What cannot be read has none.
    public async Task<bool> HasDayAsync(DigestStatus status, DateOnly day, CancellationToken cancellationToken) =>
        status.State == "failed"
        || (
            status.Day == day
            && await _index.ReadAsync(
                store => store.HasDayAsync(status.Digest, day, cancellationToken),
                false,
                cancellationToken
            )
        );

    public Task<T> AskAsync<T>(Func<IPaperStore, Task<T>> ask, T otherwise, CancellationToken cancellationToken) =>
        _index.ReadAsync(ask, otherwise, cancellationToken);

    public Task<IReadOnlyList<DigestStatus>> FindAsync(
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    ) => _index.ReadAsync(store => store.FindAnyAsync(digests, cancellationToken), [], cancellationToken);

    /// <summary>Lets go of the broker, which has everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listeners.DisposeAsync();
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            // A broker that is away would hold the stop up.
            await _host.StopAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) { }
        // Disposing, not stopping, flushes telemetry.
        if (_host is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        await _index.DisposeAsync();
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    private static IHost Build(BusAccess bus, DigestArchive archive)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables();
        builder.AddTelemetry("paperpipeline");
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddSingleton(archive);
        builder.Services.AddFetcher();
        builder.Services.AddMessaging(bus, "paperpipeline", worker: null, stage: null);
        return builder.Build();
    }
}
