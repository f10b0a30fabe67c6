using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Benchmarks;

/// <summary>Opens stores, and writes to them as the indexer does.</summary>
internal static class Stores
{
    private const int PerBatch = 500;

    /// <summary>An empty store in a search server, or in SQLite where there is none.</summary>
    /// <param name="server">The server.</param>
    /// <param name="folder">Where SQLite's file lies.</param>
    public static async Task<IPaperStore> OpenAsync(Uri? server, TemporaryFolder folder) =>
        server is null
            ? SqliteStore.Open(folder.Below("papers.db"), write: true)!
            : await OpenAsync(server, NewPrefix());

    /// <summary>The store in a search server whose names begin so.</summary>
    public static async Task<ElasticsearchStore> OpenAsync(Uri server, string prefix) =>
        (
            await ElasticsearchStore.OpenAsync(
                new ElasticsearchOptions { Nodes = [server], Prefix = prefix },
                write: true,
                TimeProvider.System,
                CancellationToken.None
            )
        )!;

    /// <summary>Writes all; gives the time that took.</summary>
    public static async Task<TimeSpan> WriteAsync(IPaperStore store, IReadOnlyList<Observation> observations)
    {
        using var guard = new SinkGuard(TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            observations.Chunk(PerBatch),
            new ParallelOptions { MaxDegreeOfParallelism = store.WriteConcurrency },
            async (batch, token) => await guard.RunAsync(held => store.WriteAsync(batch, held), token)
        );
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>A name of this run's own for what it makes in the server.</summary>
    public static string NewPrefix() => $"bench-{Guid.NewGuid():N}"[..14] + "-";
}
