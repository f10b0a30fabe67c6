using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Indexer;

/// <summary>Registers the stage.</summary>
public static class IndexerStage
{
    // What Elasticsearch takes at once; SQLite takes turns by itself.
    private const int WriteConcurrency = 4;

    /// <summary>Adds what the indexer needs; the store itself is added by the program.</summary>
    public static IServiceCollection AddIndexer(this IServiceCollection services, IPaperStore store)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        services.AddSingleton<IPaperIndex>(store);
        services.AddSingleton<ILedger>(store);
        services.AddSingleton<IDeadLetters>(store);
        services.AddSingleton<SinkGuard>();
        services.AddSingleton<LedgerNotes>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<BulkBuffer>();
        services.AddHostedService<PauseGauge>();
        services.AddHostedService<LedgerGauge>();
        // Before the buffer, so that it stops after it.
        services.AddHostedService(provider => provider.GetRequiredService<LedgerNotes>());
        return services.AddHostedService(provider => provider.GetRequiredService<BulkBuffer>());
    }

    /// <summary>Adds what the indexer needs as a worker: it starts also while its index is away.</summary>
    /// <exception cref="StoreRefusedException">The index is not ours, of a newer version, or refuses us.</exception>
    public static async Task AddWorkerAsync(
        IServiceCollection services,
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        var store = new DeferredStore(
            async token => (await PaperStores.OpenAsync(settings, write: true, token))!,
            settings.Index is null ? 1 : WriteConcurrency,
            settings.Index is { } index ? IndexIdentity.Server(index.Nodes[0]) : IndexIdentity.Sqlite
        );
        try
        {
            await store.OpenAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // It is waited for.
        }
        services.AddIndexer(store);
        services.AddHostedService<SinkPause>();
        services.AddHealthChecks().AddCheck<IndexCheck>("index", tags: ["ready"]);
    }

    /// <summary>Adds the indexer's consumers to the bus.</summary>
    public static void AddIndexerConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<PapersEnrichedConsumer, PapersEnrichedConsumerDefinition>();
        bus.AddConsumer<AccountsConsumer, AccountsConsumerDefinition>();
    }

    /// <summary>Adds the consumer of faults, where no broker keeps them.</summary>
    public static void AddFaultConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<FaultsConsumer, FaultsConsumerDefinition>();
}
