using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PaperPipeline.Parser;

/// <summary>Registers the stage.</summary>
public static class ParserStage
{
    /// <summary>Adds what the parser needs.</summary>
    public static IServiceCollection AddParser(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<DigestParser>();
    }

    /// <summary>Adds the parser's consumers to the bus.</summary>
    public static void AddParserConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<DigestFetchedConsumer, DigestFetchedConsumerDefinition>();
}
