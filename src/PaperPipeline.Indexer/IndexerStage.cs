using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PaperPipeline.Indexer;

/// <summary>Registers the stage.</summary>
public static class IndexerStage
{
    /// <summary>Adds what the indexer needs; the stores themselves are added by the program.</summary>
    public static IServiceCollection AddIndexer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SinkGuard>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<BulkBuffer>();
        return services.AddHostedService(provider => provider.GetRequiredService<BulkBuffer>());
    }

    /// <summary>Adds the indexer's consumers to the bus.</summary>
    public static void AddIndexerConsumers(this IRegistrationConfigurator bus)
    {
        bus.AddConsumer<PapersEnrichedConsumer, PapersEnrichedConsumerDefinition>();
        bus.AddConsumer<AccountsConsumer, AccountsConsumerDefinition>();
        bus.AddConsumer<FaultsConsumer, FaultsConsumerDefinition>();
    }
}
