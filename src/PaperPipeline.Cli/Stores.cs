using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Cli;

/// <summary>Opens what the settings name.</summary>
internal static class Stores
{
    /// <summary>Tries the servers that the settings name, once.</summary>
    /// <exception cref="WorkFailedException">One does not answer, or is not supported.</exception>
    public static async Task RequireReachableAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        foreach (var (address, what) in new[] { (settings.Index, "index"), (settings.Bus, "bus") })
        {
            if (address is null)
                continue;
            var reason = await Reachability.TryAsync(address, cancellationToken);
            throw new WorkFailedException(
                reason is null
                    ? $"The {what} {PipelineSettings.Show(address)} is not supported yet: use --{what} {(what == "index" ? "sqlite" : "memory")}."
                    : $"Cannot reach the {what} {PipelineSettings.Show(address)}: {reason}. Check --{what}, or start it."
            );
        }
    }

    /// <summary>Opens the index for writing, and creates it where missing.</summary>
    public static async Task<IPaperStore> OpenForWritingAsync(
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        await RequireReachableAsync(settings with { Bus = null }, cancellationToken);
        return SqliteStore.Open(settings.IndexFile, write: true)!;
    }

    /// <summary>Opens the index for reading; null, with a note on standard error, when nothing was ingested yet.</summary>
    public static async Task<IPaperStore?> OpenForReadingAsync(
        PipelineSettings settings,
        CancellationToken cancellationToken
    )
    {
        await RequireReachableAsync(settings with { Bus = null }, cancellationToken);
        RequireDirectory(settings.DataDir);
        var store = SqliteStore.Open(settings.IndexFile, write: false);
        if (store is null)
            await Console.Error.WriteLineAsync(
                $"Nothing was ingested into {settings.DataDir} yet: run `paperpipeline ingest PATH` first."
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
