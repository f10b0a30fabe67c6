using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Opens what the settings name.</summary>
internal static class Stores
{
    /// <summary>Tries the broker that the settings name, once.</summary>
    /// <exception cref="WorkFailedException">It does not answer, or does not let us in.</exception>
    public static async Task ReachBusAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Bus is { } bus && await new BrokerProbe(bus).TryAsync(cancellationToken) is { } trouble)
            throw new WorkFailedException(trouble.Message);
    }

    /// <summary>Makes sure that all stages can run in this process.</summary>
    /// <exception cref="WorkFailedException">The settings name a broker.</exception>
    public static async Task RequireBusAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Bus is not { } bus)
            return;
        await ReachBusAsync(settings, cancellationToken);
        throw new WorkFailedException($"The bus {bus.Name} is not supported yet: use --bus memory.");
    }

    /// <summary>Opens the index for writing, and creates it where missing.</summary>
    public static async Task<IPaperStore> OpenForWritingAsync(
        PipelineSettings settings,
        CancellationToken cancellationToken
    ) => (await PaperStores.OpenAsync(settings, write: true, cancellationToken))!;

    /// <summary>Opens the index for reading; null, with a note on standard error, when nothing was ingested yet.</summary>
    public static async Task<IPaperStore?> OpenForReadingAsync(
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        if (settings.Index is null)
            RequireDirectory(settings.DataDir);
        var store = await PaperStores.OpenAsync(settings, write: false, cancellationToken);
        if (store is null)
            await Console.Error.WriteLineAsync(
                $"Nothing was ingested into {settings.Index?.Name ?? settings.DataDir} yet: run `paperpipeline ingest PATH` first."
            );
        return store;
    }

    /// <summary>Refuses a data directory that is a file.</summary>
    public static void RequireDirectory(string path)
    {
        if (File.Exists(path))
            throw new WorkFailedException($"The data directory {path} is a file: choose another --data-dir.");
    }
}
