using System.Diagnostics;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;
using PaperPipeline.Storage.Index.Elasticsearch;

namespace PaperPipeline.Benchmarks;

/// <summary>The store alone, written to as the indexer does.</summary>
internal static class ElasticsearchRun
{
    private const int PerBatch = 500;

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
