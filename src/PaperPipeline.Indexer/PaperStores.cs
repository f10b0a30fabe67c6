using PaperPipeline.ServiceDefaults.Settings;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Indexer;

/// <summary>Opens the paper store that the settings name.</summary>
public static class PaperStores
{
    /// <summary>Opens it; null for a reader when nothing was written yet.</summary>
    /// <exception cref="StoreRefusedException">It is not ours, of a newer version, or refuses us.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be opened now.</exception>
    public static async Task<IPaperStore?> OpenAsync(
        PipelineSettings settings,
        bool write,
        CancellationToken cancellationToken
    )
    {
        if (settings.Index is not { } index)
            return SqliteStore.Open(settings.IndexFile, write);
        var options = new ElasticsearchOptions
        {
            Nodes = index.Nodes,
            Authorization = index.Authorization,
            Trusts = index.Trusts,
            Prefix = index.Prefix,
        };
        return await ElasticsearchStore.OpenAsync(options, write, TimeProvider.System, cancellationToken);
    }
}
