using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PaperPipeline.Enricher;

/// <summary>Registers the stage.</summary>
public static class EnricherStage
{
    /// <summary>Adds what the enricher needs.</summary>
    public static IServiceCollection AddEnricher(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<EntryEnricher>();
    }

    /// <summary>Adds the enricher's consumers to the bus.</summary>
    public static void AddEnricherConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<PapersParsedConsumer, PapersParsedConsumerDefinition>();
}
