using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PaperPipeline.Fetcher;

/// <summary>Registers the stage.</summary>
public static class FetcherStage
{
    /// <summary>Adds what the fetcher needs; the archive itself is added by the program.</summary>
    public static IServiceCollection AddFetcher(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new FetcherOptions());
        services.AddSingleton<HttpSource>();
        return services.AddSingleton<DigestFetcher>();
    }

    /// <summary>Adds the fetcher's consumers to the bus.</summary>
    public static void AddFetcherConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<FetchSourceConsumer, FetchSourceConsumerDefinition>();
}
