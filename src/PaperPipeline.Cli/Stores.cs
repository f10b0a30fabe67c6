using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults.Messaging;
using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Cli;

/// <summary>Opens what the settings name.</summary>
internal static class Stores
{
    /// <summary>Tries the broker that the settings name, once, and makes the queues of the stages.</summary>
    /// <exception cref="WorkFailedException">It does not answer, does not let us in, or does not give us the queues.</exception>
    public static async Task ReachBusAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Bus is not { } bus)
            return;
        var probe = new BrokerProbe(bus);
        var trouble =
            await probe.TryAsync(cancellationToken) ?? await probe.TryQueuesAsync(Routes.Queues, cancellationToken);
        if (trouble is not null)
            throw new WorkFailedException(trouble.Message);
    }

    /// <summary>Makes sure that all stages are to run in this process.</summary>
    /// <exception cref="UsageException">The settings name a broker.</exception>
    public static void RequireNoBroker(PipelineSettings settings, string command)
    {
        if (settings.Bus is not null)
            throw new UsageException(
                $"`{command}` runs all stages in this process: with a broker start the workers instead (fetcher, parser, enricher and indexer), or use --bus memory."
            );
    }

    /// <summary>Makes sure that the archive takes digests.</summary>
    /// <exception cref="WorkFailedException">It does not.</exception>
    public static void RequireWritable(DigestArchive archive)
    {
        try
        {
            archive.EnsureWritable();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(
                $"Cannot write to the archive {archive.Root}: {failure.Message.TrimEnd('.')}. Free space, fix the rights or choose another --archive."
            );
        }
    }

    /// <summary>What the ledger knows of the digests; of one alone in the way that costs least.</summary>
    public static async Task<IReadOnlyList<DigestStatus>> FindAnyAsync(
        this ILedger ledger,
        IReadOnlyCollection<string> digests,
        CancellationToken cancellationToken
    ) =>
        digests.Count > 1 ? await ledger.FindAsync(digests, cancellationToken)
        : await ledger.FindAsync(digests.First(), cancellationToken) is { } status ? [status]
        : [];

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
            await NoteEmptyAsync(settings);
        return store;
    }

    /// <summary>Notes on standard error that nothing was ingested yet.</summary>
    public static Task NoteEmptyAsync(PipelineSettings settings) =>
        Console.Error.WriteLineAsync(
            $"Nothing was ingested into {settings.Index?.Name ?? settings.DataDir} yet: run `paperpipeline ingest PATH` first."
        );

    /// <summary>Refuses a data directory that is a file.</summary>
    public static void RequireDirectory(string path)
    {
        if (File.Exists(path))
            throw new WorkFailedException($"The data directory {path} is a file: choose another --data-dir.");
    }
}
