using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Benchmarks;

/// <summary>Opens empty stores.</summary>
internal static class Stores
{
    /// <summary>A store in a search server, or in SQLite where there is none.</summary>
    /// <param name="server">The server.</param>
    /// <param name="folder">Where SQLite's file lies.</param>
    public static async Task<IPaperStore> OpenAsync(Uri? server, TemporaryFolder folder) =>
        server is null
            ? SqliteStore.Open(folder.Below("papers.db"), write: true)!
            : await ElasticsearchRun.OpenAsync(server, ElasticsearchRun.NewPrefix());
}
