using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PaperPipeline.ServiceDefaults.Health;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;

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

    /// <summary>Adds what the fetcher needs as a worker, the watched folder included.</summary>
    public static Task AddWorkerAsync(
        IServiceCollection services,
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        var archive = new DigestArchive(settings.Archive);
        services.AddSingleton(archive).AddFetcher().AddDropFolder(settings.Drop);
        services.AddReadyCheck("archive", () => DigestArchive.Trouble(archive.EnsureWritable));
        // The accounts are the Indexer's: what a worker knows is what it announced.
        services.AddSingleton<Func<string, CancellationToken, Task<bool>>>(
            (digest, _) => Task.FromResult(archive.IsAnnounced(digest))
        );
        return Task.CompletedTask;
    }

    /// <summary>Watches the drop folder.</summary>
    public static IServiceCollection AddDropFolder(this IServiceCollection services, string path)
    {
        services.AddSingleton(new DropFolderPath(path));
        return services.AddHostedService<DropFolder>();
    }

    /// <summary>Adds the fetcher's consumers to the bus.</summary>
    public static void AddFetcherConsumers(this IRegistrationConfigurator bus) =>
        bus.AddConsumer<FetchSourceConsumer, FetchSourceConsumerDefinition>();
}
