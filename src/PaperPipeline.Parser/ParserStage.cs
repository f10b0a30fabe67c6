using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;

namespace PaperPipeline.Parser;

/// <summary>Registers the stage.</summary>
public static class ParserStage
{
    /// <summary>Adds what the parser needs.</summary>
    public static IServiceCollection AddParser(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ParserOptions());
        return services.AddSingleton<DigestParser>().AddSingleton<DigestReader>();
    }

    /// <summary>Adds what the parser needs as a worker.</summary>
    public static Task AddWorkerAsync(
        IServiceCollection services,
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        var archive = new DigestArchive(settings.Archive);
        services.AddSingleton(archive).AddParser();
        services.AddReadyCheck("archive", () => DigestArchive.Trouble(archive.EnsureReadable));
        return Task.CompletedTask;
    }

    /// <summary>Adds the parser's consumers to the bus.</summary>
    public static void AddParserConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<DigestFetchedConsumer, DigestFetchedConsumerDefinition>();
}
