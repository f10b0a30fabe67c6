using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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
        return services.AddSingleton<DigestParser>();
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
        services
            .AddHealthChecks()
            .AddCheck(
                "archive",
                () =>
                    DigestArchive.Trouble(archive.EnsureReadable) is { } reason
                        ? HealthCheckResult.Unhealthy(reason)
                        : HealthCheckResult.Healthy(),
                tags: ["ready"]
            );
        return Task.CompletedTask;
    }

    /// <summary>Adds the parser's consumers to the bus.</summary>
    public static void AddParserConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<DigestFetchedConsumer, DigestFetchedConsumerDefinition>();
}
